using EdgeRuntime.TestKit;
using EdgeRuntime.TestKit.Processes;
using Xunit;

namespace EdgeRuntime.EndToEnd.Tests.Deployment;

/// <summary>The package of the published runtime, made once and unpacked.</summary>
public sealed class DebianPackage : IAsyncLifetime
{
    private readonly TempFolder _folder = new();

    public string File { get; private set; } = "";

    /// <summary>Where its files lie.</summary>
    public string Tree => _folder["tree"];

    /// <summary>Where its control files lie.</summary>
    public string Control => _folder["control"];

    public async ValueTask InitializeAsync()
    {
        File = await MakeAsync("first");
        await DpkgAsync("--extract", File, Tree);
        await DpkgAsync("--control", File, Control);
    }

    /// <summary>Makes it anew in a folder of this name.</summary>
    public async Task<string> MakeAsync(string name)
    {
        (await ScriptAsync("linux-x64", _folder[name])).Expect();
        return Assert.Single(Directory.GetFiles(_folder[name], "*.deb"));
    }

    public static Task<ProcessResult> ScriptAsync(string rid, string folder) => ProcessRun.RunAsync("bash",
        [Path.Combine(RepositoryPaths.Root, "eng", "deb", "package.sh"), rid, Path.GetDirectoryName(RepositoryPaths.Program("edge-runtime"))!, folder], TimeSpan.FromMinutes(3));

    public static async Task<string> DpkgAsync(params string[] arguments) => (await ProcessRun.RunAsync("dpkg-deb", arguments)).Expect().Output;

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
