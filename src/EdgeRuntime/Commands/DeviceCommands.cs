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
        RunCommand.Create(Line, Order),
        CheckCommand.Create(Line, typeof(DeviceCommands).Assembly, Schema, path => RuntimeConfig.Load(path).Serving),
        InferCommand.Create(),
        ExplainCommand.Create(),
        TryCommand.Create(Line, path => RuntimeConfig.Load(path).Serving),
    }, args);

    private static RunOrder Order(string path)
    {
        var settings = RuntimeConfig.Load(path);
        return new RunOrder(settings.Serving, host => new DeviceRole(host, settings.Offload, settings.Sensors));
    }
}
