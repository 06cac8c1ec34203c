using System.CommandLine;

namespace EdgeRuntime.Serving.Commands;

/// <summary>The option that names the configuration.</summary>
internal static class ConfigOption
{
    public static Option<string> Create() => new("--config", "-c") { Description = "The configuration.", Required = true, HelpName = "FILE" };
}
