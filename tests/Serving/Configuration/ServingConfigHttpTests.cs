using System.Net;
using EdgeRuntime.Serving.Configuration;
using EdgeRuntime.TestKit;
using EdgeRuntime.TestKit.Brokers;
using Xunit;

namespace EdgeRuntime.Serving.Tests.Configuration;

public sealed class ServingConfigHttpTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Load_NoSection_HttpIsOff() => Assert.Null(Load("").Http);

    [Fact]
    public void Load_NeitherBrokerNorHttp_IsRefused()
    {
        var error = Assert.Throws<ConfigException>(() => Load("", broker: ""));
        Assert.Equal(["$.broker: is missing: a device is reached by broker, http or both"], error.Problems);
    }

    [Fact]
    public void Load_HttpAlone_NeedsNoBroker() => Assert.Null(Load(""" "http": {}, """, broker: "").Broker);

    [Fact]
    public void Load_EmptySection_IsLoopback()
    {
        var http = Load(""" "http": {}, """).Http!;
        Assert.Equal((IPAddress.Loopback, 8080, null), (http.Address, http.Port, http.Tls));
    }

    [Fact]
    public void Load_Everything_IsRead()
    {
        using var files = new TestCertificates(TimeProvider.System);
        var http = Load($$""" "http": {"address": "0.0.0.0", "port": 8443, "tls": true, "certificate": "{{files.CertificateFile("server")}}", "key": "{{files.KeyFile("server")}}", "clientCa": "{{files.CaFile}}", "connections": 8, "deadlineMs": 100}, """).Http!;
        Assert.Equal((IPAddress.Any, 8443, 8, 100.0), (http.Address, http.Port, http.Connections, http.Deadline.TotalMilliseconds));
        Assert.Equal(files.CaFile, http.Tls!.ClientCa);
    }

    [Theory]
    [InlineData("""{"address": "0.0.0.0"}""", "$.http.address: 0.0.0.0 is reachable from other machines")]
    [InlineData("""{"address": "::"}""", "$.http.address: :: is reachable from other machines")]
    [InlineData("""{"address": "localhost"}""", "$.http.address: is not an IP address")]
    [InlineData("""{"tls": true, "certificate": "a.pem", "key": "a.pem"}""", "$.http.clientCa: is missing")]
    [InlineData("""{"tls": true, "certificate": "a.pem", "clientCa": "a.pem"}""", "$.http.key: is missing")]
    [InlineData("""{"tls": true, "key": "a.pem", "clientCa": "a.pem"}""", "$.http.certificate: is missing")]
    [InlineData("""{"clientCa": "a.pem"}""", "$.http.tls: is false, yet clientCa is given")]
    [InlineData("""{"unixSocket": "s", "tls": true, "certificate": "a.pem", "key": "a.pem", "clientCa": "a.pem"}""", "$.http.unixSocket: is given together with tls")]
    [InlineData("""{"tls": true, "certificate": "a.pem", "key": "a.pem", "clientCa": "a.pem"}""", "$.http.certificate: ")]
    [InlineData("""{"tls": true, "certificate": "a.pem", "key": "a.pem", "clientCa": "a.pem"}""", "$.http.clientCa: holds no certificate")]
    [InlineData("""{"port": 0}""", "$.http.port: must be a whole number from 1 to 65535")]
    public void Load_WrongOrHalfSet_IsRefused(string http, string problem)
    {
        File.WriteAllText(_folder["a.pem"], "");
        var error = Assert.Throws<ConfigException>(() => Load($"\"http\": {http},"));
        Assert.Contains(error.Problems, found => found.StartsWith(problem, StringComparison.Ordinal));
    }

    private ServingSettings Load(string members, string broker = """ "broker": {}, """)
    {
        File.WriteAllText(_folder["edge-runtime.json"], $$"""{ {{members}} {{broker}} "fleet": "lab", "device": "d", "root": "r" }""");
        return ServingConfig.Load(_folder["edge-runtime.json"], "device");
    }
}
