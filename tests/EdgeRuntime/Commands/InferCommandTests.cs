using System.Runtime.InteropServices;
using System.Text.Json;
using EdgeRuntime.Bundles;
using EdgeRuntime.Serving.Configuration;
using EdgeRuntime.TestKit;
using EdgeRuntime.TestKit.Bundles;
using EdgeRuntime.TestKit.Models;
using EdgeRuntime.TestKit.Processes;
using Xunit;

namespace EdgeRuntime.Device.Tests.Commands;

/// <summary>One answer from a bundle. The model halves the square of its input: y = x·x / 2.</summary>
public sealed class InferCommandTests : IDisposable
{
    private const string Request = """{"inputs":[{"name":"x","shape":[2,2],"datatype":"FP32","data":[1,2,3,4]}]}""";
    private readonly TempFolder _folder = new();
    private readonly BundleMaker _bundles;
    private readonly string _bundle;

    public InferCommandTests()
    {
        _bundles = new BundleMaker(_folder.Path);
        _bundle = _bundles.Make("square", TestModels.Slow(size: 2, steps: 1), ThisMachine.TargetName);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Infer_JsonRequest_AnswersForAPerson() =>
        Assert.Equal("y FP32[2,2]: 3.5, 5, 7.5, 11\n", (await InferAsync(Write("in.json", Request))).Expect(0).Output);

    [Fact]
    public async Task Infer_JsonIsWanted_AnswersAsAnOpenInferenceResponse()
    {
        var result = (await InferAsync(Write("in.json", Request), "--json")).Expect(0);
        using var answer = JsonDocument.Parse(result.Output);
        Assert.Equal("square", answer.RootElement.GetProperty("model_name").GetString());
        Assert.Equal([3.5f, 5, 7.5f, 11], Floats(answer.RootElement.GetProperty("outputs")[0]));
    }

    [Fact]
    public async Task Infer_Arrays_AnswersTheSame()
    {
        var data = MemoryMarshal.AsBytes<float>([1, 2, 3, 4]).ToArray();
        await File.WriteAllBytesAsync(_folder["in.npz"], Npz.Write([new NamedArray("x", ElementType.Float32, [2, 2], data)]), TestContext.Current.CancellationToken);
        Assert.Equal("y FP32[2,2]: 3.5, 5, 7.5, 11\n", (await InferAsync(_folder["in.npz"])).Expect(0).Output);
    }

    [Fact]
    public async Task Infer_Twice_ThePreparedFormAnswersTheSecond()
    {
        var input = Write("in.json", Request);
        var first = (await Program.RunAsync(["infer", _bundle, input, "--trust", _bundles.TrustedKey, "--root", _folder["root"]])).Expect(0);
        Assert.Contains("preparing square 1.0.0 for this machine", first.Error, StringComparison.Ordinal);
        var second = (await Program.RunAsync(["infer", _bundle, input, "--trust", _bundles.TrustedKey, "--root", _folder["root"]])).Expect(0);
        Assert.Equal(first.Output, second.Output);
        Assert.Empty(second.Error);
    }

    [Theory]
    [InlineData("in.json", """{"inputs":[{"name":"x","shape":[2],"datatype":"FP32","data":[1,2]}]}""", "input 'x' has the shape [2]; the model takes [2,2]")]
    [InlineData("in.json", """{"inputs":[{"name":"z","shape":[2,2],"datatype":"FP32","data":[1,2,3,4]}]}""", "input 'x' of model 'square' is missing")]
    [InlineData("in.json", "no json", "")]
    [InlineData("in.npz", "no npz", "not a readable .npz")]
    [InlineData("in.txt", "1 2 3 4", "'.txt' is not one of .npz, .json, .jpg, .png")]
    public async Task Infer_InputIsUnfit_IsRefusedWithoutAnAnswer(string name, string content, string reason)
    {
        var result = (await InferAsync(Write(name, content))).Expect(1);
        Assert.StartsWith("edge-runtime: ", result.Error, StringComparison.Ordinal);
        Assert.Contains(reason, result.Error, StringComparison.Ordinal);
        Assert.Empty(result.Output);
    }

    [Fact]
    public async Task Infer_NoSuchInput_NamesIt() => Assert.Contains("nowhere.json", (await InferAsync(_folder["nowhere.json"])).Expect(1).Error, StringComparison.Ordinal);

    [Fact]
    public async Task Infer_NoSuchVariant_ListsThoseThereAre() =>
        Assert.Contains("model 'square' has no variant 'int8'", (await InferAsync(Write("in.json", Request), "--variant", "int8")).Expect(1).Error, StringComparison.Ordinal);

    [Fact]
    public async Task Infer_SignedByAnother_IsRefused()
    {
        SigningKey.Generate(SignatureAlgorithm.Ed25519).Save(_folder["others"], "other");
        var result = (await Program.RunAsync(["infer", _bundle, Write("in.json", Request), "--trust", _folder["others"], "--root", _folder["root"]])).Expect(1);
        Assert.Contains(_bundle, result.Error, StringComparison.Ordinal);
        Assert.Empty(result.Output);
        Assert.False(Directory.Exists(_folder["root", "bundles"]));
    }

    [Fact]
    public async Task Infer_NoKeysAreNamed_IsRefused()
    {
        Assert.SkipWhen(Directory.Exists("/etc/edge-runtime/trust"), "this machine has keys that are trusted by default");
        var result = (await Program.RunAsync(["infer", _bundle, Write("in.json", Request), "--root", _folder["root"]])).Expect(1);
        Assert.Contains("no trusted keys: give --trust KEYS", result.Error, StringComparison.Ordinal);
    }

    private Task<ProcessResult> InferAsync(string input, params string[] options) =>
        Program.RunAsync(["infer", _bundle, input, "--trust", _bundles.TrustedKey, "--root", _folder["root"], "--no-specialise", .. options]);

    private string Write(string name, string content)
    {
        File.WriteAllText(_folder[name], content);
        return _folder[name];
    }

    private static float[] Floats(JsonElement output) => [.. output.GetProperty("data").EnumerateArray().Select(value => value.GetSingle())];
}
