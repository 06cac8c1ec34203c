using System.CommandLine;

namespace EdgeRuntime.Benchmarks.Memory;

/// <summary><c>plain-load MODEL</c>: what a plain load does under a limit, in a process that may be killed for it.</summary>
internal static class PlainLoadCommand
{
    private const string Name = "plain-load";

    public static Command Create()
    {
        var model = new Argument<string>("MODEL") { Description = "One of the bench's models." };
        var command = new Command(Name) { model };
        command.Hidden = true;
        command.SetAction(parsed => Run(MemoryBench.Named(parsed.GetValue(model)!)));
        return command;
    }

    /// <summary>The command line of it.</summary>
    public static string[] For(LargeModel model) => [Environment.ProcessPath!, Name, model.Name];

    private static int Run(LargeModel model)
    {
        using var session = new PlainSession(model.ModelPath, BenchRun.Threads, model.Input.Data, model.Input.Shape);
        session.Run();
        return 0;
    }
}
