using EdgeRuntime.Messaging;

namespace EdgeRuntime.Benchmarks.Serving.Neighbours;

/// <summary>Sends lawful requests at 12 times what the device can do, without waiting for the broker's acknowledgement.</summary>
internal sealed class FloodingNeighbour : INeighbour
{
    private const double Factor = 12;

    public string Name => "flood";

    public Task RunAsync(Neighbourhood scene, TimeSpan duration) =>
        scene.Client.SendAsync(scene.Lawful with { PerSecond = Factor * scene.Capacity, Qos = MqttQos.AtMostOnce }, duration);
}
