using System.CommandLine;
using EdgeRuntime.Bundles;
using EdgeRuntime.Device.Configuration;
using EdgeRuntime.Inference;
using EdgeRuntime.Messaging;

namespace EdgeRuntime.Device.Commands;

/// <summary>edge-runtime's verbs. Exit code 0 done, 1 refused or failed, 2 wrong usage.</summary>
internal static class CommandLine
{
    public const int Done = 0, Failed = 1, WrongUsage = 2;

    public static int Run(string[] args)
    {
        var root = new RootCommand("Serves signed model bundles on an edge device: over MQTT (run), or one answer from the command line (infer).")
        {
            RunCommand.Create(), CheckCommand.Create(), InferCommand.Create(), TryCommand.Create(),
        };
        var parsed = root.Parse(args);
        if (parsed.Errors.Count == 0) return parsed.Invoke();
        foreach (var error in parsed.Errors) Console.Error.WriteLine($"edge-runtime: {error.Message}");
        Console.Error.WriteLine("Try 'edge-runtime --help'.");
        return WrongUsage;
    }

    /// <summary>Runs a verb; what it cannot do becomes a message and exit code 1.</summary>
    public static int Guard(Func<int> verb)
    {
        try
        {
            return verb();
        }
        catch (Exception error) when (error is ConfigException or BundleException or InferenceException or MqttLinkException or IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"edge-runtime: {error.Message}");
            return Failed;
        }
    }
}
