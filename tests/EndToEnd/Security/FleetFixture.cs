using EdgeRuntime.TestKit.Brokers;
using Xunit;

namespace EdgeRuntime.EndToEnd.Tests.Security;

/// <summary>One broker of deploy/ for tests that leave it as it was.</summary>
public sealed class FleetFixture : IAsyncLifetime
{
    public static readonly string[] Identities =
        ["devices/dev-1", "devices/dev-2", "clients/cam-1", "clients/cam-2", "servers/srv-1", "servers/srv-2", "depots/dep-1", "operators/op-1"];

    public FleetBroker Broker { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Broker = await FleetBroker.StartAsync(Identities);

    public ValueTask DisposeAsync() => Broker.DisposeAsync();
}
