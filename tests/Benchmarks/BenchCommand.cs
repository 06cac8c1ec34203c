using System.CommandLine;
using EdgeRuntime.Benchmarks.Degrade;
using EdgeRuntime.Benchmarks.Load;
using EdgeRuntime.Benchmarks.Memory;
using EdgeRuntime.Benchmarks.Offload;
using EdgeRuntime.Benchmarks.Quantize;
using EdgeRuntime.Benchmarks.Reporting;
using EdgeRuntime.Benchmarks.Serving;
using EdgeRuntime.Benchmarks.Startup;
using Spectre.Console;

namespace EdgeRuntime.Benchmarks;

/// <summary>edge-bench NAME. Exit code 0 when all of the bench ran, whatever its figures are.</summary>
internal static class BenchCommand
{
    private const int PipeWidth = 160;

    private static readonly Dictionary<string, Func<BenchRun, Task>> Benches = new(StringComparer.Ordinal)
    {
        ["startup"] = StartupBench.RunAsync,
        ["memory"] = MemoryBench.RunAsync,
        ["serving"] = ServingBench.RunAsync,
        ["quantize"] = QuantizeBench.RunAsync,
        ["degrade"] = DegradeBench.RunAsync,
        ["offload"] = OffloadBench.RunAsync,
    };

    public static RootCommand Create()
    {
        var name = new Argument<string>("NAME") { Description = $"What to measure: {string.Join(", ", Benches.Keys)}." };
        name.AcceptOnlyFromAmong([.. Benches.Keys]);
        var json = new Option<FileInfo?>("--json") { Description = "Write the figures to this file as well.", HelpName = "FILE" };
        var smoke = new Option<bool>("--smoke") { Description = "A few samples on small models, to see that the bench works." };
        var full = new Option<bool>("--full") { Description = "As long as it takes; serving soaks for an hour and compares neighbours for half of one." };
        var only = new Option<string?>("--only") { Description = $"One part of serving: {string.Join(", ", ServingBench.Parts)}; or of offload: {string.Join(", ", OffloadBench.Parts)}; or of degrade: {string.Join(", ", DegradeBench.Parts)}; or one model of quantize: {string.Join(", ", QuantizeBench.Parts)}.", HelpName = "PART" };
        var root = new RootCommand("Measures the published programs against a peer in the same run.") { name, json, smoke, full, only };
        root.Validators.Add(result =>
        {
            if (result.GetResult(name) is not { Tokens: [var bench] } || result.GetResult(only) is not { Tokens: [var part] } || PartsOf(bench.Value).Contains(part.Value)) return;
            result.AddError($"--only {part.Value} is no part of {bench.Value}: {(PartsOf(bench.Value).Any() ? string.Join(", ", PartsOf(bench.Value)) : "it has none")}");
        });
        root.SetAction(parsed => RunAsync(parsed.GetValue(name)!, parsed.GetValue(json), report => new BenchRun
        {
            Report = report,
            Smoke = parsed.GetValue(smoke),
            Full = parsed.GetValue(full),
            Only = parsed.GetValue(only),
        }));
        root.Subcommands.Add(PlainLoadCommand.Create());
        root.Subcommands.Add(EchoCommand.Create());
        return root;
    }

    private static IEnumerable<string> PartsOf(string? name) => name switch
    {
        "serving" => ServingBench.Parts,
        "quantize" => QuantizeBench.Parts,
        "offload" => OffloadBench.Parts,
        "degrade" => DegradeBench.Parts,
        _ => [],
    };

    private static async Task<int> RunAsync(string name, FileInfo? json, Func<BenchReport, BenchRun> create)
    {
        var report = new BenchReport(name, await ThisRun.CommitAsync(), ThisRun.Machine);
        using (var run = create(report)) await Benches[name](run);
        ReportTable.Print(report, Terminal());
        if (json is not null) report.WriteJson(json.FullName);
        return report.IsIncomplete ? 1 : 0;
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
