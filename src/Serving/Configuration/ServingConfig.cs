using System.Text.Json;
using EdgeRuntime.Bundles;
using EdgeRuntime.Serving.Logging;

namespace EdgeRuntime.Serving.Configuration;

/// <summary>Reads the configuration of a device or a server. Everything that is wrong is reported at once; relative paths are relative to the file's folder.</summary>
internal static partial class ServingConfig
{
    private const int MaximumSize = 1 << 20, MaximumDepth = 8, MaximumModels = 256;

    /// <param name="path">The file.</param>
    /// <param name="role"><c>device</c> or <c>server</c>.</param>
    /// <param name="more">Reads the sections that this role alone has, given the file's folder; before the models are read.</param>
    /// <param name="moreOfModel">Reads the members of a model that this role alone has.</param>
    /// <exception cref="ConfigException">Unreadable, not JSON, or with anything wrong in it.</exception>
    public static ServingSettings Load(string path, string role, Action<ConfigSection, string>? more = null, Func<ConfigSection, ModelSettings, ModelSettings>? moreOfModel = null)
    {
        var problems = new List<string>();
        using var document = Parse(path);
        var settings = Read(new ConfigSection(document.RootElement, "$", problems), path, role, more, moreOfModel, problems);
        return problems.Count == 0 ? settings! : throw new ConfigException(path, problems);
    }

    private static JsonDocument Parse(string path)
    {
        try
        {
            var file = new FileInfo(path);
            if (file.Exists && file.Length > MaximumSize) throw new ConfigException(path, [$"{file.Length} bytes are over the limit of {MaximumSize}"]);
            return JsonDocument.Parse(File.ReadAllBytes(path), new JsonDocumentOptions { MaxDepth = MaximumDepth, CommentHandling = JsonCommentHandling.Skip });
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new ConfigException(path, [error.Message]);
        }
    }

    private static ServingSettings? Read(ConfigSection root, string path, string role, Action<ConfigSection, string>? more, Func<ConfigSection, ModelSettings, ModelSettings>? moreOfModel, List<string> problems)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var fleet = root.RequiredIdentifier("fleet");
        var name = root.RequiredIdentifier(role);
        var home = root.RequiredText("root");
        var target = TargetOf(root, folder);
        var broker = root.Section("broker") is { } link ? Broker(link, folder) : null;
        more?.Invoke(root, folder);
        var models = WithDefaults(root, [.. root.Sections("models", MaximumModels).Select(section => Model(section, folder, moreOfModel))]);
        var trust = Trust(root, folder, models.Any(static model => model.IsServedHere));
        var http = Http(root.Section("http"), folder);
        if (broker is null && http is null) root.Problem("broker", $"is missing: a {role} is reached by broker, http or both");
        var limits = Limits(root.Section("limits"));
        var log = Log(root.Section("log"));
        var metrics = Metrics(root.Section("metrics"));
        var tracing = Tracing(root.Section("tracing"));
        root.Close();
        return problems.Count > 0 ? null : new ServingSettings
        {
            File = Path.GetFullPath(path),
            Fleet = fleet,
            Role = role,
            Name = name,
            Root = Path.GetFullPath(home, folder),
            Target = target!,
            Broker = broker,
            Models = models,
            Trust = trust,
            Http = http,
            Limits = limits,
            Log = log,
            Metrics = metrics,
            Tracing = tracing,
        };
    }

    private static Target? TargetOf(ConfigSection root, string folder)
    {
        var name = root.Text("target");
        try
        {
            if (name is null) return Target.Load(ThisMachine.TargetName);
            return Target.Load(name.Contains('/') || name.EndsWith(".json", StringComparison.Ordinal) ? Path.GetFullPath(name, folder) : name);
        }
        catch (BundleException error)
        {
            root.Problem("target", error.Message);
            return null;
        }
    }

    private static TrustPolicy? Trust(ConfigSection root, string folder, bool needed)
    {
        if (root.Section("trust") is not { } section)
        {
            if (needed) root.Problem("trust", "is missing: no bundle is served without a key that it is signed with");
            return null;
        }
        var keys = section.Texts("keys", 64);
        var threshold = (int)section.Whole("threshold", 1, 1, 64);
        section.Close();
        try
        {
            return TrustPolicy.Load(keys.Select(path => Path.GetFullPath(path, folder)), threshold);
        }
        catch (BundleException error)
        {
            section.Problem("keys", error.Message);
            return null;
        }
    }

    private static LimitSettings Limits(ConfigSection? section)
    {
        var defaults = new LimitSettings();
        if (section is null) return defaults;
        var settings = new LimitSettings
        {
            QueueMessages = (int)section.Whole("queueMessages", defaults.QueueMessages, 1, 1 << 20),
            QueueBytes = new ByteCount(section.Whole("queueBytes", defaults.QueueBytes.Bytes, 1 << 16, 1L << 36)),
            PerClient = (int)section.Whole("perClient", defaults.PerClient, 1, 1 << 20),
            PayloadBytes = new ByteCount(section.Whole("payloadBytes", defaults.PayloadBytes.Bytes, 1 << 10, 256 << 20)),
            Memory = Bytes(section, "memoryBytes"),
            HangGrace = TimeSpan.FromMilliseconds(section.Whole("hangMs", (long)defaults.HangGrace.TotalMilliseconds, 10, 600_000)),
            Drain = TimeSpan.FromMilliseconds(section.Whole("drainMs", (long)defaults.Drain.TotalMilliseconds, 0, 600_000)),
        };
        section.Close();
        return settings;
    }

    private static LogSettings Log(ConfigSection? section)
    {
        if (section is null) return new LogSettings();
        var level = section.OneOf("level", "info", "error", "warning", "info", "debug");
        var json = section.OneOf("format", "text", "text", "json") == "json";
        section.Close();
        return new LogSettings { Level = Enum.Parse<LogLevel>(level, ignoreCase: true), Json = json };
    }

    private static string? PathIn(ConfigSection section, string name, string folder) => section.Text(name) is { } path ? Path.GetFullPath(path, folder) : null;

    /// <summary>A file that a member names, its path absolute; that it is not there is noted.</summary>
    public static string? FileIn(ConfigSection section, string name, string folder)
    {
        var path = PathIn(section, name, folder);
        if (path is not null && !File.Exists(path)) section.Problem(name, $"no file '{path}'");
        return path;
    }
}
