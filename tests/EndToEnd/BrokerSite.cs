using System.Text;
using EdgeRuntime.TestKit;
using EdgeRuntime.TestKit.Brokers;
using EdgeRuntime.TestKit.Bundles;
using Xunit;

namespace EdgeRuntime.EndToEnd.Tests;

/// <summary>A broker and a folder for the devices of each test.</summary>
public abstract class BrokerSite : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private MosquittoBroker? _broker;

    /// <summary>Two numbers, for a model that takes them as x.</summary>
    private protected static readonly byte[] Request = Encoding.UTF8.GetBytes("""{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[1,2]}]}""");

    private protected string Folder => _folder.Path;

    private protected MosquittoBroker Broker => _broker ?? throw new InvalidOperationException("the broker has not started");

    /// <summary>A model of a configuration.</summary>
    private protected static string Entry(string name, string bundle, string more = "") => $$"""{"name":"{{name}}","source":"{{bundle}}"{{more}}}""";

    /// <summary>What a configuration says of its models.</summary>
    private protected static string Members(BundleMaker bundles, params string[] models) =>
        $$""" "target":"x86-avx2","models":[{{string.Join(',', models)}}],"trust":{"keys":["{{bundles.TrustedKey}}"]} """;

    public async ValueTask InitializeAsync() => _broker = await MosquittoBroker.StartAsync();

    public async ValueTask DisposeAsync()
    {
        if (_broker is not null) await _broker.DisposeAsync();
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }
}
