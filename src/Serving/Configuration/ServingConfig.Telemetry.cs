using EdgeRuntime.Bundles;

namespace EdgeRuntime.Serving.Configuration;

// The sections metrics and tracing.
internal static partial class ServingConfig
{
    private static MetricsSettings Metrics(ConfigSection? section)
    {
        var defaults = new MetricsSettings();
        if (section is null) return defaults;
        var settings = new MetricsSettings
        {
            Publish = section.Flag("publish", defaults.Publish),
            Interval = TimeSpan.FromMilliseconds(section.Whole("intervalMs", (long)defaults.Interval.TotalMilliseconds, 100, 3_600_000)),
            TritonDurations = section.Flag("tritonDurations", defaults.TritonDurations),
        };
        section.Close();
        return settings;
    }

    private static TracingSettings Tracing(ConfigSection? section)
    {
        var defaults = new TracingSettings();
        if (section is null) return defaults;
        var settings = new TracingSettings
        {
            OtlpEndpoint = Endpoint(section, "otlpEndpoint"),
            SampleRatio = section.Number("sampleRatio", defaults.SampleRatio, 0, 1),
        };
        section.Close();
        return settings;
    }

    // A user or a password in it would be shown with the configuration.
    private static Uri? Endpoint(ConfigSection section, string name)
    {
        if (section.Text(name) is not { } text) return null;
        if (Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.UserInfo.Length == 0 && uri.Query.Length == 0) return uri;
        var shown = text.Contains('@') ? "it" : $"'{Identifier.Quote(text)}'";
        section.Problem(name, $"{shown} is not an http or https address without user, password and query");
        return null;
    }
}
