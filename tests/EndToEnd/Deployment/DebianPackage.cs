using EdgeRuntime.TestKit;
using EdgeRuntime.TestKit.Processes;
using Xunit;

namespace EdgeRuntime.EndToEnd.Tests.Deployment;

/// <summary>The package of a published program, made once and unpacked.</summary>
public sealed class DebianPackage : IDisposable
{
    private readonly TempFolder _folder = new();

    private DebianPackage(string program) => Program = program;

    public string Program { get; }

    public string File { get; private set; } = "";

    /// <summary>Where its files lie.</summary>
    public string Tree => _folder["tree"];

    /// <summary>Where its control files lie.</summary>
    public string Control => _folder["control"];

    public static async Task<DebianPackage> OfAsync(string program)
    {
        var package = new DebianPackage(program);
        package.File = await package.MakeAsync("first");
        await DpkgAsync("--extract", package.File, package.Tree);
        await DpkgAsync("--control", package.File, package.Control);
        return package;
    }

    /// <summary>Makes it anew in a folder of this name.</summary>
    public async Task<string> MakeAsync(string name)
    {
        (await ScriptAsync("linux-x64", Program, _folder[name])).Expect();
        return Assert.Single(Directory.GetFiles(_folder[name], "*.deb"));
    }

    public static Task<ProcessResult> ScriptAsync(string rid, string program, string folder) => ProcessRun.RunAsync("bash",
        [Path.Combine(RepositoryPaths.Root, "eng", "deb", "package.sh"), rid, Path.GetDirectoryName(RepositoryPaths.Program(program))!, folder], TimeSpan.FromMinutes(3));

    public static async Task<string> DpkgAsync(params string[] arguments) => (await ProcessRun.RunAsync("dpkg-deb", arguments)).Expect().Output;

    public void Dispose() => _folder.Dispose();
}
