using System.CommandLine;
using EdgeRuntime.Bundles;
using EdgeRuntime.Inference;
using EdgeRuntime.Messaging;
using EdgeRuntime.Serving.Configuration;

namespace EdgeRuntime.Serving.Commands;

/// <summary>A program's verbs. Exit code 0 done, 1 refused or failed, 2 wrong usage.</summary>
/// <param name="program">Its name, before what it says on stderr.</param>
internal sealed class CommandLine(string program)
{
    public const int Done = 0, Failed = 1, WrongUsage = 2;

    public int Run(RootCommand root, string[] args)
    {
        var parsed = root.Parse(args);
        if (parsed.Errors.Count == 0) return parsed.Invoke();
        foreach (var error in parsed.Errors) Console.Error.WriteLine($"{program}: {error.Message}");
        Console.Error.WriteLine($"Try '{program} --help'.");
        return WrongUsage;
    }

    /// <summary>Runs a verb; what it cannot do becomes a message and exit code 1.</summary>
    public int Guard(Func<int> verb)
    {
        try
        {
            return verb();
        }
        catch (Exception error) when (error is ConfigException or BundleException or InferenceException or MqttLinkException or IOException or UnauthorizedAccessException)
        {
            return Refuse(error.Message);
        }
    }

    /// <summary>Says what is wrong; gives the exit code for it.</summary>
    public int Refuse(string why, int exitCode = Failed)
    {
        Console.Error.WriteLine($"{program}: {why}");
        return exitCode;
    }
}
