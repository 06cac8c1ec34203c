using System.Globalization;
using System.Security.Cryptography;
using EdgeRuntime.Benchmarks.Measuring;
using EdgeRuntime.Benchmarks.Reporting;

namespace EdgeRuntime.Benchmarks.Startup;

/// <summary>From exec to exit with the answer read: <c>edge-runtime infer</c> on a specialised model, against the same in Node.js.</summary>
internal static class FirstAnswer
{
    private const int RoundCount = 21;
    private const string Peer = "onnxruntime-node in Node.js";

    public static async Task MeasureAsync(BenchRun run, TextModel model)
    {
        run.Says("specialising it, with both builds of ONNX Runtime");
        var ours = InferProgram.Published(run, model, BenchRun.Threads);
        var overPeer = InferProgram.OverPeerLibrary(run, model, BenchRun.Threads);
        foreach (var program in new[] { ours, overPeer }) program.Run(model.TensorNpz);
        var difference = AnswerComparison.Measure(run, model, ours);

        run.Says("first answers");
        var times = await Rounds.RunAsync(run.Rounds(RoundCount),
            () => Task.FromResult(ours.Run(model.TensorNpz).Milliseconds),
            () => Task.FromResult(overPeer.Run(model.TensorNpz).Milliseconds),
            () => Task.FromResult(Node(model).Milliseconds));
        Report(run.Report, times[0], times[1], times[2]);
        run.Report.Add(new Figure("first-answer-difference", difference, "")
        {
            Goal = Goal.AtMost(1e-4),
            Peer = Peer,
            Note = "largest absolute difference of the model's output; the text is the same",
        });
        Digests(run.Report, ours.Library);
    }

    private static TimedProcess Node(TextModel model) => NodeScript.Run("answer.mjs",
        TextModel.Model, TextModel.Labels, model.TensorValues, TextModel.TensorShape, BenchRun.Threads.ToString(CultureInfo.InvariantCulture));

    private static void Report(BenchReport report, double[] ours, double[] overPeer, double[] node)
    {
        report.Add(new Figure("first-answer-ms", Median.Of(ours), "ms") { Goal = Goal.AtMost(60), Peer = Peer, PeerValue = Median.Of(node), Samples = ours.Length });
        report.Add(new Figure("first-answer-vs-node", Median.Ratio(ours, node), "") { Goal = Goal.AtMost(0.333), Peer = Peer, PeerValue = 1, Samples = ours.Length });
        report.Add(new Figure("first-answer-ms-with-peer-library", Median.Of(overPeer), "ms") { Peer = Peer, PeerValue = Median.Of(node), Samples = overPeer.Length });
    }

    private static void Digests(BenchReport report, string library)
    {
        report.Add(new Figure("onnxruntime-library-mb", Megabytes(library), "MB")
        {
            Peer = Peer,
            PeerValue = Megabytes(NodeScript.Library),
            Note = $"ours sha256:{Digest(library)}, the peer's sha256:{Digest(NodeScript.Library)}",
        });
    }

    private static double Megabytes(string path) => new FileInfo(path).Length / 1e6;

    private static string Digest(string path) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));
}
