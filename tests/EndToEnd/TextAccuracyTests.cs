using System.Text;
using EdgeRuntime.Messaging;
using EdgeRuntime.Messaging.OpenInference;
using EdgeRuntime.TestKit;
using Xunit;

namespace EdgeRuntime.EndToEnd.Tests;

/// <summary>Every tenth of the 600 label images as JPEG bytes over MQTT: as many characters are read as the bare model reads. All of them: ./edge bench startup.</summary>
[Collection(OcrCollection.Name)]
public sealed class TextAccuracyTests(OcrDevice device)
{
    // The bare model reads 97.6 % of all; over a tenth of the images the share moves by a few points.
    private const double Least = 0.95;

    [Fact]
    public async Task Images_OverMqtt_AreRead()
    {
        await using var client = await AskingClient.ConnectAsync(device.Port, "reader");
        int wrong = 0, total = 0;
        foreach (var line in File.ReadLines(Path.Combine(RepositoryPaths.TextLines, "labels.tsv")).Where((_, i) => i % 10 == 0))
        {
            var (file, truth) = (line.Split('\t')[0], line.Split('\t')[1]);
            var text = await client.ReadTextAsync("dev-1", "ocr", await File.ReadAllBytesAsync(Path.Combine(RepositoryPaths.TextLines, file), TestContext.Current.CancellationToken));
            wrong += EditDistance.Of(text, truth);
            total += truth.Length;
        }
        Assert.True(total - wrong >= Least * total, $"{total - wrong} of {total} characters were read");
    }
}
