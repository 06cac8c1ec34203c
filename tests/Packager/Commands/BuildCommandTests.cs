using EdgeRuntime.Bundles;
using EdgeRuntime.Packaging.Tests.Support;
using EdgeRuntime.TestKit.Models;
using Xunit;

namespace EdgeRuntime.Packaging.Tests.Commands;

public sealed class BuildCommandTests : IDisposable
{
    private readonly Workshop _workshop = new();

    public void Dispose() => _workshop.Dispose();

    [Fact]
    public void Build_PlainModel_MakesAVerifiedBundle()
    {
        var run = _workshop.Build(Model(), "out.bundle", "--variants", "fp32,fp16").Expect(0);
        using var bundle = _workshop.Open();
        bundle.VerifyAll();
        var manifest = bundle.Manifest;
        Assert.Equal(("test", "1.2.3", 1_000_002_000_003), (manifest.Name, manifest.Version, manifest.Sequence));
        Assert.Equal(["fp32", "fp16"], manifest.Variants.Select(variant => variant.Id));
        Assert.Equal("fp32", manifest.Variants[1].Parent);
        Assert.Equal(["half-weights"], manifest.Variants[1].Passes);
        Assert.Equal("x FP32[?,16]", manifest.Inputs[0].ToString());
        Assert.Equal((PostprocessStep.Raw, "y"), (manifest.Postprocessing[0].Kind, manifest.Postprocessing[0].Output));
        Assert.Equal(2, manifest.Golden.Count);
        Assert.Contains(bundle.Digest.ToString(), run.Output);
    }

    [Fact]
    public void Build_TwiceWithMeasured_GivesTheSameBytesButForTheSignature()
    {
        var model = Model();
        Workshop.Run("keygen", "-o", _workshop["ecdsa"], "--algorithm", "ecdsa").Expect(0);
        var key = _workshop["ecdsa", "edge.key"];
        _workshop.Build(model, "one.bundle", "--variants", "fp32,fp16", "--sign", key).Expect(0);
        _workshop.Build(model, "two.bundle", "--variants", "fp32,fp16", "--sign", key, "--measured", _workshop["one.bundle.measured.json"]).Expect(0);
        using var first = _workshop.Open("one.bundle");
        using var second = _workshop.Open("two.bundle");
        Assert.Equal(first.Digest, second.Digest);
        Assert.Equal(first.Manifest.Entries, second.Manifest.Entries);
        Assert.False(File.Exists(_workshop["two.bundle.measured.json"]));
        Assert.NotEqual(File.ReadAllBytes(_workshop["one.bundle"]), File.ReadAllBytes(_workshop["two.bundle"])); // ECDSA signs with chance
    }

    [Fact]
    public void Build_TwiceWithEd25519_GivesTheSameFile()
    {
        var model = Model();
        _workshop.Build(model, "one.bundle").Expect(0);
        _workshop.Build(model, "two.bundle", "--measured", _workshop["one.bundle.measured.json"]).Expect(0);
        Assert.Equal(File.ReadAllBytes(_workshop["one.bundle"]), File.ReadAllBytes(_workshop["two.bundle"]));
    }

    [Fact]
    public void Build_MeasuredOfAnotherModel_IsRefused()
    {
        _workshop.Build(Model(), "one.bundle").Expect(0);
        var other = _workshop.Write("other.onnx", TestModels.Mlp(seed: 2));
        var run = _workshop.Build(other, "two.bundle", "--measured", _workshop["one.bundle.measured.json"]).Expect(1);
        Assert.Contains("variant 'fp32' was measured as", run.Errors);
        Assert.False(File.Exists(_workshop["two.bundle"]));
    }

    [Fact]
    public void Build_VariantThatLosesTooMuch_IsLeftOutByName()
    {
        var run = _workshop.Build(_workshop.Write("model.onnx", SmallModels.Cancelling()), "out.bundle", "--variants", "fp32,fp16").Expect(0);
        using var bundle = _workshop.Open();
        Assert.Equal("fp32", Assert.Single(bundle.Manifest.Variants).Id);
        Assert.Contains("not in the bundle: variant 'fp16': cosine", run.Output);
        Assert.Contains("below the 0.9900 that --max-drop 0.01 asks for", run.Output);
    }

    [Fact]
    public void Build_OnlyAVariantThatLosesTooMuch_MakesNoBundle()
    {
        var run = _workshop.Build(_workshop.Write("model.onnx", SmallModels.Cancelling()), "out.bundle", "--variants", "fp16").Expect(1);
        Assert.Contains("no variant is good enough", run.Errors);
        Assert.False(File.Exists(_workshop["out.bundle"]));
    }

    [Fact]
    public void Build_TargetsOfDifferentForm_NamesVariantsByTarget()
    {
        _workshop.Build(Model(), "out.bundle", "--target", "x86-avx2,jetson-orin-nano", "--variants", "fp32,fp16").Expect(0);
        using var bundle = _workshop.Open();
        Assert.Equal(["fp32", "fp16@x86-avx2", "fp16@jetson-orin-nano"], bundle.Manifest.Variants.Select(variant => variant.Id));
        Assert.Equal([["half-weights"], ["half-compute"]], bundle.Manifest.Variants.Skip(1).Select(variant => variant.Passes));
        Assert.Equal(["x86-avx2"], bundle.Manifest.Variants[1].Latencies.Select(latency => latency.Target).Distinct());
    }

    [Fact]
    public void Build_ForAnotherMachine_SaysThatNothingWasMeasuredOnIt()
    {
        var foreign = System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.Arm64 ? "x86-avx2" : "arm64-generic";
        _workshop.Build(Model(), "out.bundle", "--target", foreign).Expect(0);
        using var bundle = _workshop.Open();
        Assert.All(bundle.Manifest.Variants[0].Latencies, latency => Assert.False(latency.Measured));
    }

    [Fact]
    public void Build_StopAfter_RunsNoLaterPass()
    {
        _workshop.Build(_workshop.Write("model.onnx", SmallModels.ConstantNodes()), "out.bundle", "--stop-after", "check-weights").Expect(0);
        using var bundle = _workshop.Open();
        Assert.Empty(bundle.Manifest.Variants[0].Passes);
    }

    [Fact]
    public void Build_Explain_SaysWhatEachPassDid() =>
        Assert.Contains("lift-constants: 4 Constant nodes became initializers", _workshop.Build(_workshop.Write("model.onnx", SmallModels.ConstantNodes()), "out.bundle", "--explain").Expect(0).Output);

    [Fact]
    public void Build_Json_PrintsTheReportAndNothingElse()
    {
        var run = _workshop.Build(Model(), "out.bundle", "--json", "--report", _workshop["report.json"]).Expect(0);
        using var document = System.Text.Json.JsonDocument.Parse(run.Output);
        Assert.Equal("fp32", document.RootElement.GetProperty("variants")[0].GetProperty("id").GetString());
        Assert.Equal(run.Output, File.ReadAllText(_workshop["report.json"]));
        Assert.Contains("measuring", run.Errors);
    }

    [Fact]
    public void Build_License_IsInTheBundleAndItsAbsenceIsSaid()
    {
        _workshop.Build(Model(), "with.bundle", "--license", _workshop.Write("LICENSE.txt", "Apache-2.0")).Expect(0);
        using var with = _workshop.Open("with.bundle");
        Assert.Equal("Apache-2.0", Text(with, "LICENSES"));
        _workshop.Build(Model(), "without.bundle").Expect(0);
        using var without = _workshop.Open("without.bundle");
        Assert.StartsWith("No licence was given", Text(without, "LICENSES"));
    }

    [Fact]
    public void Build_TwoKeys_SignsWithBoth()
    {
        Workshop.Run("keygen", "-o", _workshop["second"]).Expect(0);
        _workshop.Build(Model(), "out.bundle", "--sign", _workshop["second", "edge.key"]).Expect(0);
        Workshop.Run("verify", _workshop["out.bundle"], "--trust", _workshop.Trust, _workshop["second"], "--threshold", "2").Expect(0);
    }

    [Fact]
    public void Build_AfterFailure_LeavesNoWorkFolder()
    {
        _workshop.Build(_workshop.Write("model.onnx", "not a model"), "out.bundle").Expect(1);
        Assert.Equal(["keys", "model.onnx"], Directory.GetFileSystemEntries(_workshop.Path).Select(Path.GetFileName).Order());
    }

    private static string Text(VerifiedBundle bundle, string entry) => System.Text.Encoding.UTF8.GetString(bundle.ReadEntry(entry, new ByteCount(1000)));

    private string Model() => _workshop.Write("model.onnx", SmallModels.Plain());
}
