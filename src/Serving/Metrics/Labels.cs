using System.Text;

namespace EdgeRuntime.Serving.Metrics;

/// <summary>Labels as the text format writes them between braces, made once: <c>model="ocr",variant="fp32"</c>.</summary>
internal static class Labels
{
    public static readonly byte[] None = [];

    public static byte[] Of(params ReadOnlySpan<(string Name, string Value)> labels)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in labels) text.Append(text.Length == 0 ? "" : ",").Append(name).Append("=\"").Append(Escape(value)).Append('"');
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>Of a model, and of its version where it is configured for one: versions side by side are told apart.</summary>
    public static byte[] OfModel(string model, string? version) => version is null ? Of(("model", model)) : Of(("model", model), ("version", version));

    private static string Escape(string value) => value.Replace("\\", @"\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", @"\n", StringComparison.Ordinal);
}
