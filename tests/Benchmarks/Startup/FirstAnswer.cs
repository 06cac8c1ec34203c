using System.Globalization;
using EdgeRuntime.Benchmarks.Measuring;
using EdgeRuntime.Benchmarks.Reporting;

namespace EdgeRuntime.Benchmarks.Startup;

/// <summary>From exec to exit with the answer read: <c>edge-runtime infer</c> on a specialised model, against the same in Node.js.</summary>
internal static class FirstAnswer
{
    private const int RoundCount = 21;
    private const string Peer = "node";

    public static async Task MeasureAsync(BenchRun run, TextModel model)
    {
        run.Says("specialising it, over both builds of ONNX Runtime");
        var ours = InferProgram.Published(run, model, BenchRun.Threads);
        var overPeer = InferProgram.OverPeerLibrary(run, model, BenchRun.Threads);
        foreach (var program in new[] { ours, overPeer }) program.Run(model.TensorNpz);
        var difference = AnswerComparison.Measure(run, model, ours);

        run.Says("first answers");
        var (mine, theirs, node) = (new Timings(), new Timings(), new Timings());
        await Rounds.RunAsync(run.Rounds(RoundCount),
            () => mine.Note(ours.Run(model.TensorNpz)),
            () => theirs.Note(overPeer.Run(model.TensorNpz)),
            () => node.Note(Node(model)));
        Report(run.Report, mine, theirs, node);
        run.Report.Add(new Figure("first-answer-difference", difference, "") { Goal = Goal.AtMost(1e-4), Note = "largest absolute difference of the model's output to the peer's; the text is the same" });
        LibraryDigests.Report(run.Report, ours.Library);
    }

    private static TimedProcess Node(TextModel model) => NodeScript.Run("answer.mjs",
        TextModel.Model, TextModel.Labels, model.TensorValues, TextModel.TensorShape, BenchRun.Threads.ToString(CultureInfo.InvariantCulture));

    private static void Report(BenchReport report, Timings ours, Timings overPeer, Timings node)
    {
        var peer = new Figure("", null, "ms") { Peer = Peer, PeerValue = Median.Of(node.Clock), Samples = node.Clock.Count };
        report.Add(peer with { Id = "first-answer-ms", Value = Median.Of(ours.Clock), Goal = Goal.AtMost(60), Note = $"exec to exit, {BenchRun.Threads} threads on both sides; the peer is onnxruntime-node on the same model and tensor" });
        report.Add(peer with { Id = "first-answer-vs-node", Value = Median.Ratio(ours.Clock, node.Clock), Unit = "", Goal = Goal.AtMost(0.333), PeerValue = 1 });
        report.Add(peer with { Id = "first-answer-line-ms", Value = Median.Of(ours.Answer), Goal = Goal.AtMost(60), PeerValue = Median.Of(node.Answer), Note = "exec to the line of the answer, before the program ends" });
        report.Add(peer with { Id = "first-answer-peer-library-ms", Value = Median.Of(overPeer.Clock), Note = "edge-runtime over the peer's build of ONNX Runtime" });
        report.Add(peer with { Id = "first-answer-cpu-ms", Value = Median.Of(ours.Cpu), PeerValue = Median.Of(node.Cpu), Note = "user and system time, which other work on the machine changes less" });
    }

    /// <summary>Times of one program; the first run, which warms up, is left out.</summary>
    private sealed class Timings
    {
        private readonly List<TimedProcess> _runs = [];

        public IReadOnlyList<double> Clock => [.. _runs.Skip(1).Select(run => run.Milliseconds)];

        public IReadOnlyList<double> Answer => [.. _runs.Skip(1).Select(run => run.AnswerMilliseconds)];

        public IReadOnlyList<double> Cpu => [.. _runs.Skip(1).Select(run => run.CpuMilliseconds)];

        public Task<double> Note(TimedProcess run)
        {
            _runs.Add(run);
            return Task.FromResult(run.Milliseconds);
        }
    }
}
