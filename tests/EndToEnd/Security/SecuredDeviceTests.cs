using System.Text;
using EdgeRuntime.Messaging;
using EdgeRuntime.TestKit;
using EdgeRuntime.TestKit.Brokers;
using EdgeRuntime.TestKit.Bundles;
using EdgeRuntime.TestKit.Models;
using EdgeRuntime.TestKit.Processes;
using Xunit;

namespace EdgeRuntime.EndToEnd.Tests.Security;

/// <summary>The published runtime and a client with the certificates of deploy/, through the broker of deploy/: what is lawful works.</summary>
public sealed class SecuredDeviceTests(FleetFixture fleet) : IClassFixture<FleetFixture>
{
    [Fact]
    public async Task Ask_ThroughTheBrokerOfDeploy_IsAnsweredAndTheStateIsSeen()
    {
        using var folder = new TempFolder();
        var bundles = new BundleMaker(folder.Path);
        var bundle = bundles.Make("echo", TestModels.Identity(), "x86-avx2");
        await File.WriteAllTextAsync(folder["dev-1.json"], $$"""
            {
              "fleet": "lab", "device": "dev-1", "root": "root", "target": "x86-avx2",
              "broker": {"host": "localhost", "port": {{fleet.Broker.Port("devices")}}, "tls": true, "ca": "{{fleet.Broker.BrokerAuthority}}",
                "certificate": "{{fleet.Broker.CertificateFile("devices/dev-1")}}", "key": "{{fleet.Broker.KeyFile("devices/dev-1")}}"},
              "models": [{"name": "echo", "source": "{{bundle}}"}], "trust": {"keys": ["{{bundles.TrustedKey}}"]}
            }
            """, TestContext.Current.CancellationToken);
        await using var operators = await StateWatch.StartAsync(fleet.Broker.OpenPort, "dev-1");
        await using var device = RunningProcess.Start(RepositoryPaths.Program("edge-runtime"), ["run", "--config", folder["dev-1.json"]]);
        await operators.WaitAsync(["online"], TimeSpan.FromSeconds(60));

        await using var client = await AskingClient.ConnectAsync(new MqttLinkOptions
        {
            Host = "localhost",
            Port = fleet.Broker.Port("clients"),
            ClientId = "cam-1",
            Tls = new MqttTls { CaFile = fleet.Broker.BrokerAuthority, CertificateFile = fleet.Broker.CertificateFile("clients/cam-1"), KeyFile = fleet.Broker.KeyFile("clients/cam-1") },
        });
        var request = Encoding.UTF8.GetBytes("""{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[1,2]}]}""");
        var answer = await client.AskAsync("dev-1", "echo", request, "application/json");
        Assert.Equal("OK", answer.Status);
        Assert.Contains("\"data\":[1,2]", Encoding.UTF8.GetString(answer.Payload), StringComparison.Ordinal);

        Assert.Equal(0, await device.StopAsync(TimeSpan.FromSeconds(30)));
        await operators.WaitAsync(["offline"], TimeSpan.FromSeconds(20));
    }
}
