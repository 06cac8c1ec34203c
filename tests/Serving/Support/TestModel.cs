using System.Text;
using EdgeRuntime.Bundles;
using EdgeRuntime.Inference;
using EdgeRuntime.Messaging.OpenInference;
using EdgeRuntime.Serving.Configuration;
using EdgeRuntime.Serving.Lanes;
using EdgeRuntime.TestKit;
using EdgeRuntime.TestKit.Bundles;
using Xunit;

namespace EdgeRuntime.Serving.Tests.Support;

/// <summary>A bundle that is installed and opened as the device does it, with one runner and no device around it.</summary>
internal sealed class TestModel : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly SessionCache _cache;
    private readonly ModelRunner _runner;

    public TestModel(byte[] model, Func<BundleWriter, Manifest, Manifest>? edit = null)
    {
        var bundles = new BundleMaker(_folder.Path);
        var trust = TrustPolicy.Load(bundles.TrustedKey);
        var target = Target.Load(ThisMachine.TargetName);
        _cache = new SessionCache(_folder["root"], target.Storage.CacheBytes);
        using var bundle = VerifiedBundle.Open(bundles.Make("m", model, target.Name, edit), trust);
        var installed = new BundleStore(_folder["root"]).Install(bundle, trust, target.Name);
        Served = ServedModel.Open(installed, new ModelSettings { Name = "m" }, target, _cache, new ServingOptions { Specialise = false });
        _runner = new ModelRunner(Served);
    }

    public ServedModel Served { get; }

    /// <summary>Opens a further rung.</summary>
    public void Open(int rung) => Assert.True(Served.TryAdd(Served.Ladder[rung], Served.OpenVariant(Served.Ladder[rung])));

    public bool LackedMemory => _runner.LackedMemory;

    public InferenceResponse Response { get; } = new();

    /// <summary>Runs one request in JSON; what it gives is in <see cref="Response"/> until the next.</summary>
    public Outcome Run(string json)
    {
        var request = new InferenceRequest();
        Assert.Null(JsonCodec.Read(Encoding.UTF8.GetBytes(json), request, ProtocolLimits.Default));
        return _runner.Run(request, PayloadFormat.Json, Timeout.InfiniteTimeSpan, Response);
    }

    /// <summary>The outputs of the last answer as the wire would carry them.</summary>
    public string Outputs()
    {
        var payload = new PayloadBuffer();
        Assert.Null(JsonCodec.Write(Response, payload));
        var text = Encoding.UTF8.GetString(payload.WrittenSpan);
        return text[text.IndexOf("\"outputs\":", StringComparison.Ordinal)..^1];
    }

    public void Dispose()
    {
        _runner.Dispose();
        Served.Dispose();
        _cache.Dispose();
        _folder.Dispose();
    }
}
