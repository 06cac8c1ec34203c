using System.Diagnostics;
using EdgeRuntime.Benchmarks.Measuring;
using EdgeRuntime.Benchmarks.Reporting;
using EdgeRuntime.Bundles;
using EdgeRuntime.Inference;

namespace EdgeRuntime.Benchmarks.Memory;

/// <summary>The specialised form against a plain load, round by round in one process; and a process of onnxruntime-node beside them.</summary>
internal static class Latency
{
    private const int RoundCount = 25;

    public static async Task MeasureAsync(Subject subject)
    {
        subject.Says("latency");
        using var cache = new SessionCache(subject.Folder.Root);
        using var ours = Open(subject, cache);
        using var context = ours.CreateContext();
        using var plain = new PlainSession(subject.Model.ModelPath, BenchRun.Threads, subject.Model.Input.Data, subject.Model.Input.Shape);
        await using var node = await NodePeer.StartAsync(subject.Run, subject.Model);
        context.BindInput(0, subject.Model.Input.Data, subject.Model.Input.Shape);
        var times = await Rounds.RunAsync(subject.Run.Rounds(RoundCount), () => Task.FromResult(plain.Run()), () => Task.FromResult(Time(context)), node.RunAsync);
        Report(subject, ours.Form, times[0], times[1], times[2]);
    }

    private static ServedVariant Open(Subject subject, SessionCache cache)
    {
        var trust = TrustPolicy.Load(subject.Bundle.TrustedKey);
        var bundle = new BundleStore(subject.Folder.Root).Active(subject.Bundle.Model, trust) ?? throw new InvalidOperationException($"{subject.Model.Name} is not active");
        var options = ExecutionOptions.From(Target.Load(ThisMachine.Target)) with { Threads = BenchRun.Threads };
        var variant = ServedVariant.Open(bundle, "fp32", options, cache, new ServingOptions { Specialise = false });
        return variant.Form != SessionForm.Plain ? variant : throw new InvalidOperationException($"{subject.Model.Name} is not served specialised: {variant.PlainReason}");
    }

    private static double Time(RunContext context)
    {
        var start = Stopwatch.GetTimestamp();
        context.Run();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static void Report(Subject subject, SessionForm form, double[] plain, double[] ours, double[] node)
    {
        subject.Add(new Figure("latency-ms", Median.Of(ours), "ms") { Peer = "node", PeerValue = Median.Of(node), Samples = ours.Length, Note = $"form {form}, {BenchRun.Threads} threads, in process" });
        subject.Add(new Figure("latency-vs-plain", Median.Ratio(ours, plain), "")
        {
            Goal = Goal.AtMost(1.03),
            Peer = "plain load",
            PeerValue = 1,
            Samples = ours.Length,
            Note = $"median of the rounds' ratios; the plain load takes {Median.Of(plain):0.0} ms",
        });
    }
}
