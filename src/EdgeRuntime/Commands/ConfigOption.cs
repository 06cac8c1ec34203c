using System.CommandLine;

namespace EdgeRuntime.Device.Commands;

/// <summary>The option that names the configuration.</summary>
internal static class ConfigOption
{
    public static Option<string> Create() => new("--config", "-c") { Description = "The configuration, edge-runtime.json.", Required = true, HelpName = "FILE" };
}
