using Xunit;

namespace EdgeRuntime.EndToEnd.Tests.Deployment;

/// <summary>The packages of all programs that have one, each made once.</summary>
public sealed class DebianPackages : IAsyncLifetime
{
    public static readonly string[] Programs = ["edge-runtime", "edge-offload"];

    private readonly Dictionary<string, DebianPackage> _packages = [];

    public DebianPackage this[string program] => _packages[program];

    public async ValueTask InitializeAsync()
    {
        foreach (var program in Programs) _packages[program] = await DebianPackage.OfAsync(program);
    }

    public ValueTask DisposeAsync()
    {
        foreach (var package in _packages.Values) package.Dispose();
        return ValueTask.CompletedTask;
    }
}
