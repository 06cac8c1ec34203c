using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EdgeRuntime.Messaging;
using EdgeRuntime.TestKit;
using EdgeRuntime.TestKit.Brokers;
using Xunit;

namespace EdgeRuntime.EndToEnd.Tests.Security;

/// <summary>Who is let in as whom by the broker of deploy/mosquitto, and what one peer can take from the others.</summary>
public sealed class IdentityTests(FleetFixture fleet) : IClassFixture<FleetFixture>
{
    private const string DeviceState = "edge/v1/lab/d/dev-1/state", Request = "edge/v1/lab/d/dev-1/infer/m/cam-1";

    [Theory]
    [InlineData("clients/cam-1", "devices")]
    [InlineData("devices/dev-1", "clients")]
    [InlineData("servers/srv-1", "operators")]
    [InlineData("broker/broker", "devices")]
    public async Task Connect_ToTheListenerOfAnotherRole_IsRefused(string identity, string listener)
    {
        var failure = await Assert.ThrowsAsync<MqttLinkException>(() => FleetPeer.ConnectAsync(fleet.Broker, identity, listener));
        Assert.Equal(MqttLinkError.TlsFailed, failure.Error);
    }

    [Fact]
    public async Task Connect_DeviceThatClaimsToBeTheBroker_IsNotTrustedByItsPeers()
    {
        using var folder = new TempFolder();
        int port = MosquittoBroker.FreePort();
        await File.WriteAllLinesAsync(folder["mosquitto.conf"],
        [
            $"user {Environment.UserName}", $"listener {port} 127.0.0.1", "allow_anonymous true", $"cafile {fleet.Broker.BrokerAuthority}",
            $"certfile {fleet.Broker.CertificateFile("devices/dev-2")}", $"keyfile {fleet.Broker.KeyFile("devices/dev-2")}",
        ], TestContext.Current.CancellationToken);
        await using var impostor = await MosquittoBroker.StartAsync(folder["mosquitto.conf"], port);
        await using var link = MosquittoLink.Create(new MqttLinkOptions
        {
            Host = "localhost",
            Port = port,
            ClientId = "dev-1",
            Tls = new MqttTls { CaFile = fleet.Broker.BrokerAuthority },
        }, static message => message.Dispose(), TimeProvider.System);
        Assert.Equal(MqttLinkError.TlsFailed, (await Assert.ThrowsAsync<MqttLinkException>(() => link.ConnectAsync(TestContext.Current.CancellationToken))).Error);
    }

    [Fact]
    public async Task Connect_ClientIdOfAnother_DoesNotTakeItsSession()
    {
        await using var victim = await FleetPeer.ConnectAsync(fleet.Broker, "devices/dev-1");
        await using var thief = await FleetPeer.ConnectAsync(fleet.Broker, "clients/cam-1", clientId: "dev-1");
        Assert.Equal(PublishStatus.Acknowledged, (await thief.SendAsync(Request)).Status);
        Assert.Equal(PublishStatus.Acknowledged, (await victim.SendAsync(DeviceState)).Status);
        Assert.False(victim.Lost.IsCompleted);
    }

    [Theory]
    [InlineData("+")]
    [InlineData("#")]
    [InlineData("cam-1/x")]
    public async Task Connect_NameThatIsAWildcard_GetsNothing(string name)
    {
        Forge("clients", name);
        await using var hostile = await (await FleetPeer.ConnectAsync(fleet.Broker, "clients/forged", clientId: "any")).ListeningAsync();
        await using var sender = await FleetPeer.ConnectAsync(fleet.Broker, null);
        await sender.SendAsync("edge/v1/lab/c/cam-1/answers");
        Assert.Equal(PublishStatus.Refused, (await hostile.SendAsync(Request)).Status);
        Assert.Equal(PublishStatus.Refused, (await hostile.SendAsync($"edge/v1/lab/d/dev-1/cancel/{name.Trim('+', '#')}x")).Status);
        await Task.Delay(TimeSpan.FromMilliseconds(200), TestContext.Current.CancellationToken);
        Assert.Equal(0, hostile.Link.Counters.Received);
    }

    [Fact]
    public async Task Send_PacketOverTheLimit_IsRefusedBeforeItIsSent()
    {
        await using var client = await FleetPeer.ConnectAsync(fleet.Broker, "clients/cam-1");
        Assert.Equal(PublishStatus.TooLarge, (await client.SendAsync(Request, new string('x', 17 << 20))).Status);
        Assert.Equal(PublishStatus.Acknowledged, (await client.SendAsync(Request)).Status);
    }

    // Signed by the role's own authority: what one that is not authority.sh might issue.
    private void Forge(string role, string name)
    {
        string Of(string file) => Path.Combine(fleet.Broker.Certificates, "authorities", role, file);
        using var authority = X509Certificate2.CreateFromPemFile(Of("ca.pem"), Of("ca.key"));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var subject = new X500DistinguishedNameBuilder();
        subject.AddCommonName(name);
        var request = new CertificateRequest(subject.Build(), key, HashAlgorithmName.SHA256);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.Create(authority, authority.NotBefore, now.AddHours(1), RandomNumberGenerator.GetBytes(8));
        File.WriteAllText(fleet.Broker.CertificateFile($"{role}/forged"), certificate.ExportCertificatePem());
        File.WriteAllText(fleet.Broker.KeyFile($"{role}/forged"), key.ExportPkcs8PrivateKeyPem());
    }
}
