using EdgeRuntime.Benchmarks.Device;
using EdgeRuntime.Benchmarks.Load;

namespace EdgeRuntime.Benchmarks.Serving.Neighbours;

/// <summary>Beside its lawful load it sends, as often as the device could answer, what is none: cut JSON, wrong sizes, bytes that are no image.</summary>
internal sealed class MalformedNeighbour : INeighbour
{
    private const int NoiseBytes = 5000;

    public string Name => "malformed";

    public async Task RunAsync(Neighbourhood scene, TimeSpan duration)
    {
        await using var second = await LoadCrew.ConnectAsync("malformed", scene.Site.Port, 1);
        var broken = scene.Lawful with { Requests = Broken(scene.Lawful.Requests[0]), PerSecond = scene.Capacity };
        await Task.WhenAll(scene.Client.SendAsync(scene.Lawful, duration), second.SendAsync(broken, duration));
    }

    private static BenchRequest[] Broken(BenchRequest lawful)
    {
        var noise = new byte[NoiseBytes];
        new Random(1).NextBytes(noise);
        return
        [
            new BenchRequest(lawful.Payload[..^1], lawful.ContentType, lawful.HeaderLength),
            new BenchRequest(lawful.Payload, "application/json", null),
            new BenchRequest([.. Enumerable.Repeat((byte)'[', NoiseBytes)], "application/json", null),
            new BenchRequest(noise, "image/jpeg", null),
            new BenchRequest(noise, lawful.ContentType, NoiseBytes),
        ];
    }
}
