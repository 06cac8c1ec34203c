using System.CommandLine;
using EdgeRuntime.Device.Configuration;
using EdgeRuntime.Serving.Commands;

namespace EdgeRuntime.Device.Commands;

/// <summary>edge-runtime's verbs.</summary>
internal static class DeviceCommands
{
    private const string Schema = "edge-runtime.schema.json";

    /// <summary>The program as a person calls it.</summary>
    public static CommandLine Line { get; } = new("edge-runtime");

    public static int Run(string[] args) => Line.Run(new RootCommand("Serves signed model bundles on an edge device: over MQTT (run), or one answer from the command line (infer).")
    {
        RunCommand.Create(Line, path => new RunOrder(RuntimeConfig.Load(path), static host => new DeviceRole(host))),
        CheckCommand.Create(Line, typeof(DeviceCommands).Assembly, Schema, RuntimeConfig.Load),
        InferCommand.Create(),
        TryCommand.Create(Line, RuntimeConfig.Load),
    }, args);
}
