using EdgeRuntime.TestKit;
using EdgeRuntime.TestKit.Brokers;
using EdgeRuntime.TestKit.Clients;
using EdgeRuntime.TestKit.Processes;
using Xunit;

namespace EdgeRuntime.EndToEnd.Tests;

/// <summary>PP-OCRv4 packed by the published packager, and a published runtime that serves it over a real broker; made once for all tests of the collection.</summary>
public sealed class OcrDevice : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private MosquittoBroker _broker = null!;
    private DeviceProcess _device = null!;

    /// <summary>The signed bundle, variants fp32 and fp16.</summary>
    public string Bundle => _folder["ocr-1.0.0.bundle"];

    /// <summary>The key that it is signed with.</summary>
    public string TrustedKey => _folder["keys", "release.pub"];

    public string Folder => _folder.Path;

    /// <summary>The target that the bundle is for: this machine's.</summary>
    public string Target { get; private set; } = "";

    public int Port => _broker.Port;

    public async ValueTask InitializeAsync()
    {
        await PackerAsync("keygen", "-o", _folder["keys"], "--name", "release");
        Target = await TargetAsync();
        await PackerAsync("build", Path.Combine(RepositoryPaths.OcrModels, "ch_PP-OCRv4_rec_infer.onnx"), "--name", "ocr", "--version", "1.0.0",
            "--target", Target, "--variants", "fp32,fp16", "--image", "resize=48xW,bgr,mean=0.5,std=0.5",
            "--labels", Path.Combine(RepositoryPaths.OcrModels, "ppocr_keys_v1.txt"), "--postprocess", "ctc", "--sign", _folder["keys", "release.key"], "-o", Bundle);
        _broker = await MosquittoBroker.StartAsync();
        _device = await DeviceProcess.StartAsync(Folder, Port, Members);
    }

    /// <summary>The members of a configuration that serves the bundle.</summary>
    public string Members => $$"""
        "models":[{"name":"ocr","source":"{{Bundle}}"}],"trust":{"keys":["{{TrustedKey}}"]}
        """;

    internal InferenceCall Call(string client, string file) => new()
    {
        Port = Port,
        Fleet = DeviceProcess.Fleet,
        Device = _device.Name,
        Model = "ocr",
        Client = client,
        File = file,
        Deadline = TimeSpan.FromSeconds(20),
    };

    public async ValueTask DisposeAsync()
    {
        if (_device is not null) await _device.DisposeAsync();
        if (_broker is not null) await _broker.DisposeAsync();
        _folder.Dispose();
    }

    private static async Task PackerAsync(params string[] arguments) => (await ProcessRun.RunAsync(RepositoryPaths.Program("edge-packager"), arguments, TimeSpan.FromMinutes(2))).Expect();

    // The target that the runtime takes this machine for: what 'check' says of a configuration that names none.
    private async Task<string> TargetAsync()
    {
        var path = _folder["probe.json"];
        await File.WriteAllTextAsync(path, """{"fleet":"lab","device":"probe","root":"probe","broker":{}}""");
        var check = (await ProcessRun.RunAsync(RepositoryPaths.Program("edge-runtime"), "check", "--config", path)).Expect();
        return check.Output.Split("target ")[1].Split(',')[0];
    }
}

/// <summary>Tests that share one <see cref="OcrDevice"/>.</summary>
[CollectionDefinition(Name)]
public sealed class OcrCollection : ICollectionFixture<OcrDevice>
{
    public const string Name = "ocr";
}
