using System.CommandLine;
using EdgeRuntime.Offload.Configuration;
using EdgeRuntime.Serving.Commands;

namespace EdgeRuntime.Offload.Commands;

/// <summary>edge-offload's verbs.</summary>
internal static class ServerCommands
{
    private const string Schema = "edge-offload.schema.json";
    private static readonly CommandLine Line = new("edge-offload");

    public static int Run(string[] args) => Line.Run(new RootCommand("Answers what the devices of a fleet hand over, from the same signed bundles: one server of a pool.")
    {
        RunCommand.Create(Line, Order),
        CheckCommand.Create(Line, typeof(ServerCommands).Assembly, Schema, path => OffloadConfig.Load(path).Serving),
        TryCommand.Create(Line, path => OffloadConfig.Load(path).Serving),
    }, args);

    private static RunOrder Order(string path)
    {
        var settings = OffloadConfig.Load(path);
        return new RunOrder(settings.Serving, host => new ServerRole(host, settings.Pool, settings.Cluster));
    }
}
