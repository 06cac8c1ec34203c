using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using EdgeRuntime.Bundles;
using EdgeRuntime.TestKit;
using EdgeRuntime.TestKit.Models;
using EdgeRuntime.TestKit.Processes;
using Xunit;

namespace EdgeRuntime.EndToEnd.Tests;

/// <summary>From a float model to an answer in int8 by the published programs alone.</summary>
public sealed class Int8BundleTests : IDisposable
{
    // Never timed, since its first provider is not the one that packagers have: how fast int8 is here decides nothing.
    private const string Target = "x86-openvino";
    private const int Side = 32, Classes = 10;
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(3);

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Build_Int8_IsInspectedVerifiedLintedAndAnswers()
    {
        Assert.SkipUnless(RuntimeInformation.ProcessArchitecture == Architecture.X64, "the target is x86");
        await File.WriteAllBytesAsync(_folder["cnn.onnx"], TestModels.SmallCnn(channels: 64), TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(_folder["samples.npz"], Samples(count: 8), TestContext.Current.CancellationToken);
        await PackagerAsync("keygen", "-o", _folder["keys"], "--name", "release");
        var trust = _folder["keys", "release.pub"];
        await BuildAsync();
        var manifest = JsonNode.Parse((await PackagerAsync("inspect", _folder["cnn.bundle"], "--json")).Output)!;
        Assert.Equal(["fp32", "int8"], manifest["variants"]!.AsArray().Select(variant => (string)variant!["id"]!).Order(StringComparer.Ordinal));
        await PackagerAsync("verify", _folder["cnn.bundle"], "--trust", trust);
        await PackagerAsync("extract", _folder["cnn.bundle"], "int8", "-o", _folder["int8"], "--trust", trust);
        Assert.Contains("0 errors", (await PackagerAsync("lint", _folder["int8", "model.onnx"], "--target", Target)).Output, StringComparison.Ordinal);
        var (exact, rounded) = (await AnswerAsync("fp32", trust), await AnswerAsync("int8", trust));
        Assert.NotEqual(exact, rounded);
        Assert.All(exact.Zip(rounded), pair => Assert.InRange(pair.Second, pair.First - Tolerance(exact), pair.First + Tolerance(exact)));
    }

    // Two layers of bytes before a mean: each is off by a part of 255 steps and of 127, of both signs.
    private static double Tolerance(double[] exact) => 0.05 * exact.Max(Math.Abs);

    private async Task BuildAsync() => await PackagerAsync("build", _folder["cnn.onnx"], "--name", "cnn", "--version", "1.0.0", "--target", Target, "--variants", "fp32,int8",
        "--calibration", _folder["samples.npz"], "--evaluate", _folder["samples.npz"], "--metric", "cosine", "--max-drop", "0.05", "--sign", _folder["keys", "release.key"], "-o", _folder["cnn.bundle"]);

    private async Task<double[]> AnswerAsync(string variant, string trust)
    {
        await File.WriteAllBytesAsync(_folder["one.npz"], Samples(count: 1), TestContext.Current.CancellationToken);
        var run = await ProcessRun.RunAsync(RepositoryPaths.Program("edge-runtime"), ["infer", _folder["cnn.bundle"], _folder["one.npz"], "--trust", trust, "--root", _folder["root"], "--target", Target, "--variant", variant, "--no-specialise", "--json"], Deadline);
        double[] answer = [.. JsonNode.Parse(run.Expect().Output)!["outputs"]![0]!["data"]!.AsArray().Select(value => (double)value!)];
        Assert.Equal(Classes, answer.Length);
        return answer;
    }

    private static byte[] Samples(int count)
    {
        var random = new Random(3);
        float[] values = [.. Enumerable.Range(0, count * 3 * Side * Side).Select(_ => (float)(2 * random.NextDouble() - 1))];
        return Npz.Write([new NamedArray("x", ElementType.Float32, [count, 3, Side, Side], MemoryMarshal.AsBytes<float>(values).ToArray())]);
    }

    private static async Task<ProcessResult> PackagerAsync(params string[] arguments) => (await ProcessRun.RunAsync(RepositoryPaths.Program("edge-packager"), arguments, Deadline)).Expect();
}
