using System.Buffers;
using System.Runtime.InteropServices;
using EdgeRuntime.Messaging.OpenInference;
using EdgeRuntime.TestKit.Models;
using Xunit;

namespace EdgeRuntime.Serving.Tests.Lanes;

/// <summary>Requests that are none, in between those of another client.</summary>
public sealed class BrokenRequestTests
{
    private const int NoiseBytes = 5000, Rounds = 12;

    [Fact]
    public async Task Ask_AnotherClientSendsWhatIsNoRequest_IsRefusedThatAndNothingElseHappens()
    {
        await using var device = await new TestDevice().With("echo", TestModels.Identity()).StartAsync();
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var broken in Broken())
            {
                var refused = await device.AskAsync("echo", broken);
                Assert.Equal("INVALID_ARGUMENT", refused.Status);
                Assert.Equal("OK", (await device.AskAsync("echo", Lawful())).Status);
            }
        }
        Assert.DoesNotContain("quarantined", device.Log, StringComparison.Ordinal);
    }

    private static IEnumerable<TestRequest> Broken()
    {
        var lawful = Lawful();
        var noise = new byte[NoiseBytes];
        new Random(1).NextBytes(noise);
        yield return lawful with { Client = "bad", Payload = lawful.Payload[..^1] };
        yield return lawful with { Client = "bad", ContentType = "application/json", Properties = [] };
        yield return new TestRequest { Client = "bad", Payload = [.. Enumerable.Repeat((byte)'[', NoiseBytes)] };
        yield return new TestRequest { Client = "bad", Payload = noise, ContentType = "image/jpeg" };
        yield return new TestRequest { Client = "bad", Payload = noise, ContentType = "application/octet-stream", Properties = [("inference-header-content-length", $"{NoiseBytes}")] };
    }

    private static TestRequest Lawful()
    {
        var request = new InferenceRequest();
        request.Inputs.Add("x"u8, TensorDataType.Float32, [1, 2], MemoryMarshal.AsBytes<float>([0.5f, -1f]), binary: true);
        var payload = new ArrayBufferWriter<byte>();
        Assert.Null(BinaryCodec.Write(request, payload, out int headerLength));
        return new TestRequest { Client = "good", Payload = payload.WrittenSpan.ToArray(), ContentType = "application/octet-stream", Properties = [("inference-header-content-length", $"{headerLength}")] };
    }
}
