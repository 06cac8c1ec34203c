using System.Globalization;
using EdgeRuntime.Benchmarks.Measuring;
using EdgeRuntime.TestKit;

namespace EdgeRuntime.Benchmarks.Startup;

/// <summary>The published <c>edge-runtime infer</c> on one bundle, with a root of its own.</summary>
internal sealed class InferProgram(string folder, string root, TextModel model, int threads)
{
    /// <summary>As it was published.</summary>
    public static InferProgram Published(BenchRun run, TextModel model, int threads) =>
        new(Path.GetDirectoryName(RepositoryPaths.Program("edge-runtime"))!, Path.Combine(run.Scratch, "root"), model, threads);

    /// <summary>The same executable over the peer's build of ONNX Runtime.</summary>
    public static InferProgram OverPeerLibrary(BenchRun run, TextModel model, int threads)
    {
        var published = Path.GetDirectoryName(RepositoryPaths.Program("edge-runtime"))!;
        var folder = Directory.CreateDirectory(Path.Combine(run.Scratch, "over-peer-library")).FullName;
        foreach (var file in Directory.GetFiles(published)) File.Copy(file, Path.Combine(folder, Path.GetFileName(file)), overwrite: true);
        File.Copy(NodeScript.Library, Path.Combine(folder, "libonnxruntime.so"), overwrite: true);
        return new InferProgram(folder, Path.Combine(run.Scratch, "root-over-peer-library"), model, threads);
    }

    public string Library => Path.Combine(folder, "libonnxruntime.so");

    /// <param name="input">A tensor or a request.</param>
    /// <param name="more">Further options.</param>
    public TimedProcess Run(string input, params string[] more) => TimedProcess.Run(Path.Combine(folder, "edge-runtime"),
        ["infer", model.Bundle, input, "--trust", model.TrustedKey, "--root", root, "--threads", threads.ToString(CultureInfo.InvariantCulture), "--json", .. more]);
}
