using System.Globalization;
using EdgeRuntime.Benchmarks.Device;
using EdgeRuntime.Benchmarks.Load;
using EdgeRuntime.Messaging;
using EdgeRuntime.TestKit.Processes;

namespace EdgeRuntime.Benchmarks.Serving.Neighbours;

/// <summary>Beside its lawful load it asks for large answers and does not read them: its subscriber is a process that was stopped.</summary>
/// <param name="large">A model and a request whose answer is large.</param>
internal sealed class SlowNeighbour(Workload large) : INeighbour
{
    private const string Client = "slow-1";
    private const double LargePerSecond = 5;
    private static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(300);

    public string Name => "slow";

    public async Task RunAsync(Neighbourhood scene, TimeSpan duration)
    {
        await using var reader = RunningProcess.Start("mosquitto_sub",
            ["-V", "5", "-h", "127.0.0.1", "-p", scene.Site.Port.ToString(CultureInfo.InvariantCulture), "-q", "1", "-N", "-t", Topics.ClientFilter(DeviceFolder.Fleet, Client)]);
        await Task.Delay(Settling);
        (await ProcessRun.RunAsync("/bin/sh", "-c", $"kill -STOP {reader.Id}")).Expect();
        await using var second = await LoadCrew.ConnectAsync("slow", scene.Site.Port, 1);
        var asking = scene.Lawful with { Model = large.Bundle.Model, Requests = large.Requests, PerSecond = LargePerSecond };
        await Task.WhenAll(scene.Client.SendAsync(scene.Lawful, duration), second.SendAsync(asking, duration));
    }
}
