using EdgeRuntime.TestKit;
using EdgeRuntime.TestKit.Processes;
using Xunit;

namespace EdgeRuntime.EndToEnd.Tests;

/// <summary>Images over HTTP, by the outside client.</summary>
[Collection(OcrCollection.Name)]
public sealed class HttpImageTests(OcrDevice ocr)
{
    [Fact]
    public async Task OutsideClient_SendsImages_TheyAreAnsweredWithWhatTheMetadataSays()
    {
        using var folder = new TempFolder();
        await using var device = await HttpDevice.StartAsync(folder, models: $$""", {"name":"ocr","source":"{{ocr.Bundle}}"}""", keys: $",\"{ocr.TrustedKey}\"", target: ocr.Target);
        var run = await ProcessRun.RunAsync("/usr/bin/python3", Path.Combine(RepositoryPaths.Root, "tests/EndToEnd/data/open_inference_client.py"), "127.0.0.1", $"{device.Port}", "echo", "x", "y",
            "ocr", Path.Combine(RepositoryPaths.TextLines, "0003.jpg"));
        Assert.True(run.ExitCode == 0, run.Output + run.Error + device.Log);
    }
}
