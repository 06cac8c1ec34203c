using EdgeRuntime.TestKit.Brokers;
using Xunit;

namespace EdgeRuntime.Messaging.Tests.Link;

public abstract partial class MqttLinkContract
{
    [Fact]
    public async Task Connect_ClientCertificate_IsVerifiedBothWaysAndNamesTheUser()
    {
        using var certificates = new TestCertificates(TimeProvider.System);
        await using var broker = await MosquittoBroker.StartAsync(new BrokerOptions
        {
            Certificates = certificates,
            RequireClientCertificate = true,
            Acl = ["user client", "topic readwrite a"],
        });
        await using var link = await ReceiverAsync(broker.Port, "a", options => Tls(options, certificates, "client"));
        var payload = new string('x', 300_000);
        Assert.Equal(PublishStatus.Acknowledged, (await PublishAsync(link, "a", payload)).Status);
        Assert.Equal(payload, (await link.NextAsync()).Text);
    }

    [Fact]
    public async Task Connect_UnknownAuthority_FailsUntilTheFileIsMended()
    {
        using var certificates = new TestCertificates(TimeProvider.System);
        using var others = new TestCertificates(TimeProvider.System);
        await using var broker = await MosquittoBroker.StartAsync(new BrokerOptions { Certificates = certificates });
        await using var link = Probe(broker.Port, "one", options => Tls(options, others));
        var failure = await Assert.ThrowsAsync<MqttLinkException>(() => ConnectAsync(link));
        Assert.Equal(MqttLinkError.TlsFailed, failure.Error);
        Assert.Contains("certificate verify failed", failure.Message);

        File.Copy(certificates.CaFile, others.CaFile, overwrite: true);
        await link.UntilAsync(MqttLinkState.Connected);
    }

    [Fact]
    public async Task Connect_CertificateOfAnotherHost_Fails()
    {
        using var certificates = new TestCertificates(TimeProvider.System);
        await using var broker = await MosquittoBroker.StartAsync(new BrokerOptions { Certificates = certificates, ServerCertificate = "elsewhere" });
        await using var link = Probe(broker.Port, "one", options => Tls(options, certificates));
        var failure = await Assert.ThrowsAsync<MqttLinkException>(() => ConnectAsync(link));
        Assert.Equal(MqttLinkError.TlsFailed, failure.Error);
    }

    [Fact]
    public async Task Connect_NoClientCertificate_Fails()
    {
        using var certificates = new TestCertificates(TimeProvider.System);
        await using var broker = await MosquittoBroker.StartAsync(new BrokerOptions { Certificates = certificates, RequireClientCertificate = true });
        await using var link = Probe(broker.Port, "one", options => Tls(options, certificates));
        var failure = await Assert.ThrowsAsync<MqttLinkException>(() => ConnectAsync(link));
        Assert.Equal(MqttLinkError.TlsFailed, failure.Error);
    }

    [Fact]
    public async Task Connect_CertificateFileMissing_NamesIt()
    {
        using var certificates = new TestCertificates(TimeProvider.System);
        await using var link = Probe(1, "one", options => Tls(options, certificates) with { Tls = new MqttTls { CaFile = "/no/such.crt" } });
        var failure = await Assert.ThrowsAsync<MqttLinkException>(() => ConnectAsync(link));
        Assert.Equal(MqttLinkError.TlsFailed, failure.Error);
        Assert.Contains("/no/such.crt", failure.Message);
    }

    [Fact]
    public async Task Connect_WrongPassword_IsNotAuthorized()
    {
        await using var broker = await MosquittoBroker.StartAsync(Guarded);
        await using var link = Probe(broker.Port, "one", options => options with { User = "anna", Password = "guess" });
        var failure = await Assert.ThrowsAsync<MqttLinkException>(() => ConnectAsync(link));
        Assert.Equal(MqttLinkError.NotAuthorized, failure.Error);
        Assert.Contains($"127.0.0.1:{broker.Port}", failure.Message);
        Assert.DoesNotContain("guess", failure.Message);
    }

    [Fact]
    public void Create_WrongOptions_NamesEveryError()
    {
        var wrong = new MqttLinkOptions
        {
            Host = "",
            Port = 0,
            ClientId = "",
            Password = "secret",
            KeepAlive = TimeSpan.FromSeconds(1),
            SendWindow = 0,
            BackoffMinimum = TimeSpan.FromHours(1),
            Tls = new MqttTls { CaFile = "ca.crt", KeyFile = "half.key" },
            Will = new MqttWill { Topic = "a/#" },
        };
        var failure = Assert.Throws<MqttLinkException>(() => Create(wrong, message => message.Dispose(), TimeProvider.System, new Random(1)));

        Assert.Equal(MqttLinkError.InvalidOptions, failure.Error);
        Assert.All(["Host", "Port 0", "ClientId", "Password", "KeepAlive 00:00:01", "SendWindow 0", "BackoffMinimum 01:00:00", "KeyFile", "a/#"],
            part => Assert.Contains(part, failure.Message));
        Assert.DoesNotContain("secret", failure.Message);
    }

    private static MqttLinkOptions Tls(MqttLinkOptions options, TestCertificates certificates, string? client = null) => options with
    {
        Host = "localhost",
        Tls = new MqttTls
        {
            CaFile = certificates.CaFile,
            CertificateFile = client is null ? null : certificates.CertificateFile(client),
            KeyFile = client is null ? null : certificates.KeyFile(client),
        },
    };
}
