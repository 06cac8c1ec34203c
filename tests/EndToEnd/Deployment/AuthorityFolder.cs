using EdgeRuntime.TestKit;
using EdgeRuntime.TestKit.Processes;
using Xunit;

namespace EdgeRuntime.EndToEnd.Tests.Deployment;

/// <summary>Authorities as deploy/certificates/authority.sh makes them, with a certificate for the device dev-1; to be copied, not changed.</summary>
public sealed class AuthorityFolder : IAsyncLifetime
{
    private readonly TempFolder _folder = new();

    public string Path => _folder["ca"];

    public async ValueTask InitializeAsync()
    {
        var script = System.IO.Path.Combine(RepositoryPaths.Root, "deploy", "certificates", "authority.sh");
        (await ProcessRun.RunAsync("bash", script, "init", Path)).Expect();
        (await ProcessRun.RunAsync("bash", script, "issue", Path, "devices", "dev-1")).Expect();
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
