using System.CommandLine;
using EdgeRuntime.Benchmarks.Memory;
using EdgeRuntime.Benchmarks.Reporting;
using EdgeRuntime.Benchmarks.Startup;
using Spectre.Console;

namespace EdgeRuntime.Benchmarks;

/// <summary>edge-bench NAME. Exit code 0 when the bench ran, whatever its figures are.</summary>
internal static class BenchCommand
{
    private const int PipeWidth = 160;

    private static readonly Dictionary<string, Func<BenchRun, Task>> Benches = new(StringComparer.Ordinal)
    {
        ["startup"] = StartupBench.RunAsync,
        ["memory"] = MemoryBench.RunAsync,
    };

    public static RootCommand Create()
    {
        var name = new Argument<string>("NAME") { Description = $"What to measure: {string.Join(", ", Benches.Keys)}." };
        name.AcceptOnlyFromAmong([.. Benches.Keys]);
        var json = new Option<FileInfo?>("--json") { Description = "Write the figures to this file as well.", HelpName = "FILE" };
        var smoke = new Option<bool>("--smoke") { Description = "A few samples on small models, to see that the bench works." };
        var root = new RootCommand("Measures the published programs against a peer in the same run.") { name, json, smoke };
        root.SetAction(parsed => RunAsync(parsed.GetValue(name)!, parsed.GetValue(json), parsed.GetValue(smoke)));
        root.Subcommands.Add(PlainLoadCommand.Create());
        return root;
    }

    private static async Task<int> RunAsync(string name, FileInfo? json, bool smoke)
    {
        var report = new BenchReport(name, await ThisRun.CommitAsync(), ThisRun.Machine);
        using (var run = new BenchRun { Report = report, Smoke = smoke }) await Benches[name](run);
        ReportTable.Print(report, Terminal());
        if (json is not null) report.WriteJson(json.FullName);
        return 0;
    }

    // A pipe or file gets plain lines, and room for them.
    private static IAnsiConsole Terminal()
    {
        if (!Console.IsOutputRedirected) return AnsiConsole.Console;
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors });
        console.Profile.Width = PipeWidth;
        return console;
    }
}
