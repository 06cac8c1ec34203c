using EdgeRuntime.Bundles;
using EdgeRuntime.Packaging.Measurement;
using EdgeRuntime.Packaging.Tests.Support;
using Xunit;

namespace EdgeRuntime.Packaging.Tests.Commands;

/// <summary>keygen, inspect, verify, extract and flash on a bundle of two variants.</summary>
public sealed class BundleCommandTests : IDisposable
{
    private readonly Workshop _workshop = new();
    private readonly string _bundle, _model;

    public BundleCommandTests()
    {
        _model = _workshop.Write("model.onnx", SmallModels.Plain());
        _workshop.Build(_model, "out.bundle", "--variants", "fp32,fp16").Expect(0);
        _bundle = _workshop["out.bundle"];
    }

    public void Dispose() => _workshop.Dispose();

    [Theory]
    [InlineData("build")]
    [InlineData("lint")]
    [InlineData("inspect")]
    [InlineData("verify")]
    [InlineData("extract")]
    [InlineData("flash")]
    [InlineData("keygen")]
    public void Help_OfEachVerb_NamesItsOptions(string verb)
    {
        Assert.Contains("--", Workshop.Run(verb, "--help").Expect(0).Output);
        Assert.Contains(verb, Workshop.Run("--help").Expect(0).Output);
    }

    [Fact]
    public void Version_Asked_IsPrinted() => Assert.StartsWith("0.1.0", Workshop.Run("--version").Expect(0).Output);

    [Fact]
    public void UnknownVerb_IsWrongUsage() => Assert.StartsWith("edge-packager: ", Workshop.Run("pack").Expect(2).Errors);

    [Fact]
    public void Keygen_Twice_NeverOverwritesAKey()
    {
        Workshop.Run("keygen", "-o", _workshop["new"], "--name", "ci").Expect(0);
        var key = File.ReadAllText(_workshop["new", "ci.key"]);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_workshop["new", "ci.key"]));
        Assert.Contains("a key is never overwritten", Workshop.Run("keygen", "-o", _workshop["new"], "--name", "ci").Expect(1).Errors);
        Assert.Equal(key, File.ReadAllText(_workshop["new", "ci.key"]));
        Workshop.Run("keygen", "-o", _workshop["new"], "--name", "CI").Expect(2);
        Workshop.Run("keygen", "-o", _workshop["new"], "--algorithm", "rsa").Expect(2);
    }

    [Fact]
    public void Inspect_WithoutTrust_ShowsAndSaysThatNothingWasChecked()
    {
        var run = Workshop.Run("inspect", _bundle).Expect(0);
        Assert.Contains("signatures were NOT checked", run.Errors);
        Assert.Contains("x FP32[?,16]", run.Output);
        Assert.DoesNotContain("signed by", run.Output);
    }

    [Fact]
    public void Inspect_WithTrust_NamesTheKey()
    {
        var run = Workshop.Run("inspect", _bundle, "--trust", _workshop.Trust).Expect(0);
        Assert.Empty(run.Errors);
        Assert.Contains($"signed by {PublicKey.Load(_workshop.Trust).Id}", run.Output);
    }

    [Fact]
    public void Inspect_Json_IsTheManifest()
    {
        var run = Workshop.Run("inspect", _bundle, "--json", "--trust", _workshop.Trust).Expect(0);
        using var bundle = _workshop.Open();
        Assert.Equal(bundle.Digest, Sha256Digest.Of(System.Text.Encoding.UTF8.GetBytes(run.Output)));
    }

    [Fact]
    public void Inspect_NotABundle_SaysSo() => Assert.Contains("not a bundle", Workshop.Run("inspect", _model).Expect(1).Errors);

    [Fact]
    public void Verify_FlippedByteOfAWeight_IsRefused()
    {
        Workshop.Run("verify", _bundle, "--trust", _workshop.Trust).Expect(0);
        var bytes = File.ReadAllBytes(_bundle);
        bytes[bytes.Length / 2] ^= 1;
        Assert.Contains("edge-packager: ", Workshop.Run("verify", _workshop.Write("bad.bundle", bytes), "--trust", _workshop.Trust).Expect(1).Errors);
    }

    [Fact]
    public void Verify_ByAnotherKey_IsRefused()
    {
        Workshop.Run("keygen", "-o", _workshop["other"]).Expect(0);
        Workshop.Run("verify", _bundle, "--trust", _workshop["other"]).Expect(1);
        Workshop.Run("verify", _bundle).Expect(2);
    }

    [Fact]
    public void Extract_Variant_IsAnOrdinaryModelWithTheSameAnswers()
    {
        Workshop.Run("extract", _bundle, "fp32", "-o", _workshop["plain"], "--trust", _workshop.Trust).Expect(0);
        Assert.Equal(Bits.Answer(_model)[0].Data, Bits.Answer(_workshop["plain", "model.onnx"])[0].Data);
        Assert.Contains("nothing is overwritten", Workshop.Run("extract", _bundle, "fp32", "-o", _workshop["plain"], "--trust", _workshop.Trust).Expect(1).Errors);
        Assert.Contains("has no variant 'int8', only fp32, fp16", Workshop.Run("extract", _bundle, "int8", "-o", _workshop["x"], "--trust", _workshop.Trust).Expect(1).Errors);
    }

    [Fact]
    public void Flash_Folder_InstallsTestsAndActivatesAndDoesNoHarmAgain()
    {
        var first = Flash("out.bundle").Expect(0);
        Assert.Contains("test: active, before nothing", first.Output);
        if (MachineKind.Refusal(Target.Load("x86-avx2")) is null) Assert.Contains("self-test of fp16 as x86-avx2 on cpu: cosine", first.Output);
        var again = Flash("out.bundle").Expect(0);
        Assert.Contains("was installed already, all entries are right now", again.Output);
        Assert.Contains("test: was active already", again.Output);
        using var bundle = _workshop.Open();
        Assert.Equal(bundle.Digest, new BundleStore(_workshop["device"]).Active("test", _workshop.Policy)!.Digest);
    }

    [Fact]
    public void Flash_OlderVersion_IsRefused()
    {
        Flash("out.bundle").Expect(0);
        _workshop.Build(_model, "old.bundle", "--sequence", "1").Expect(0);
        Assert.Contains("has the sequence 1, below 1000002000003", Flash("old.bundle").Expect(1).Errors);
    }

    [Fact]
    public void Flash_ForAnotherTarget_IsRefused() => Assert.Contains("this device is 'arm64-generic'", Flash("out.bundle", "--target", "arm64-generic").Expect(1).Errors);

    [Fact]
    public void Flash_AlteredInstallation_IsMadeGood()
    {
        Flash("out.bundle").Expect(0);
        var weights = Directory.GetFiles(_workshop["device"], "weights.bin", SearchOption.AllDirectories)[0];
        File.SetUnixFileMode(weights, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var bytes = File.ReadAllBytes(weights);
        var altered = bytes.ToArray();
        altered[0] ^= 1;
        File.WriteAllBytes(weights, altered);
        Assert.Contains("was installed already, all entries are right now", Flash("out.bundle").Expect(0).Output);
        Assert.Equal(bytes, File.ReadAllBytes(weights));
    }

    private ProgramRun Flash(string bundle, params string[] more) => Workshop.Run(["flash", _workshop[bundle], "--to", _workshop["device"], "--trust", _workshop.Trust, .. more]);
}
