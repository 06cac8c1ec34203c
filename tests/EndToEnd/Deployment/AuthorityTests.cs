using System.Security.Cryptography.X509Certificates;
using EdgeRuntime.TestKit;
using EdgeRuntime.TestKit.Processes;
using Xunit;

namespace EdgeRuntime.EndToEnd.Tests.Deployment;

/// <summary>deploy/certificates/authority.sh and deploy/mosquitto/install.sh: what they refuse, and that they overwrite nothing.</summary>
public sealed class AuthorityTests(AuthorityFolder made) : IClassFixture<AuthorityFolder>, IAsyncLifetime
{
    private static readonly string Deploy = Path.Combine(RepositoryPaths.Root, "deploy");
    private readonly TempFolder _folder = new();

    // A copy of authorities that were made once, with the device dev-1.
    public async ValueTask InitializeAsync() => (await ProcessRun.RunAsync("cp", "-a", made.Path, _folder["ca"])).Expect();

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Init_AndIssueAgain_ChangeNothing()
    {
        var before = Snapshot();
        (await AuthorityAsync("init")).Expect();
        await IssueAsync("devices", "dev-1");
        Assert.Equal(before, Snapshot());
    }

    [Fact]
    public void Issue_Certificate_NamesTheIdentityAndServesAClientAlone()
    {
        using var certificate = X509CertificateLoader.LoadCertificateFromFile(_folder["ca", "devices", "dev-1.pem"]);
        Assert.Equal(("CN=dev-1", "CN=EdgeRuntime devices"), (certificate.Subject, certificate.Issuer));
        var usage = certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().Single().EnhancedKeyUsages;
        Assert.Equal("1.3.6.1.5.5.7.3.2", Assert.Single(usage.Cast<System.Security.Cryptography.Oid>()).Value);
        Assert.False(certificate.Extensions.OfType<X509BasicConstraintsExtension>().Single().CertificateAuthority);
    }

    [Fact]
    public async Task Issue_EveryFile_IsItsOwnersAlone()
    {
        await IssueAsync("clients", "cam-1");
        Assert.All(Directory.GetFiles(_folder["ca"], "*", SearchOption.AllDirectories), path => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path)));
    }

    [Theory]
    [InlineData("devices", "Dev-1", 2)]
    [InlineData("devices", "+", 2)]
    [InlineData("devices", "a/b", 2)]
    [InlineData("devices", "../x", 2)]
    [InlineData("devices", "a\nb", 2)]
    [InlineData("devices", "", 2)]
    [InlineData("robots", "dev-2", 2)]
    [InlineData("broker", "dev-2", 2)]
    [InlineData("clients", "dev-1", 1)]
    public async Task Issue_NameOrRoleThatIsNotLawful_IsRefused(string role, string name, int exitCode)
    {
        var before = Snapshot();
        Assert.NotEmpty((await AuthorityAsync("issue", role, name)).Expect(exitCode).Error);
        Assert.Equal(before, Snapshot());
    }

    [Fact]
    public async Task Issue_KeyReplacedByAnother_SaysSoAndKeepsIt()
    {
        await IssueAsync("devices", "dev-2");
        File.Copy(_folder["ca", "devices", "dev-2.key"], _folder["ca", "devices", "dev-1.key"], overwrite: true);
        var before = Snapshot();
        Assert.Contains("is not the key of", (await AuthorityAsync("issue", "devices", "dev-1")).Expect(1).Error, StringComparison.Ordinal);
        Assert.Equal(before, Snapshot());
    }

    [Fact]
    public async Task Renew_Certificate_KeepsTheOldOne()
    {
        var old = await File.ReadAllTextAsync(_folder["ca", "devices", "dev-1.pem"], TestContext.Current.CancellationToken);
        (await AuthorityAsync("renew", "devices", "dev-1")).Expect();
        Assert.Contains(old, Directory.GetFiles(_folder["ca", "devices"], "dev-1.*.pem").Select(File.ReadAllText));
        Assert.NotEqual(old, await File.ReadAllTextAsync(_folder["ca", "devices", "dev-1.pem"], TestContext.Current.CancellationToken));
        Assert.Equal(2, (await AuthorityAsync("list")).Expect().Output.Split('\n').Count(line => line.StartsWith("devices\tdev-1\t", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Install_FileThatDiffers_IsRefusedUnlessToldAndThenKept()
    {
        (await InstallAsync()).Expect();
        await File.AppendAllTextAsync(_folder["etc", "acl", "clients.acl"], "# mine\n", TestContext.Current.CancellationToken);
        var before = Snapshot();
        Assert.Contains("clients.acl is there and differs", (await InstallAsync()).Expect(1).Error, StringComparison.Ordinal);
        Assert.Equal(before, Snapshot());
        (await InstallAsync("--replace")).Expect();
        Assert.EndsWith("# mine\n", await File.ReadAllTextAsync(_folder["etc", "acl", "clients.acl.old"], TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.All(Directory.GetFiles(_folder["etc"], "*", SearchOption.AllDirectories), path => Assert.DoesNotMatch("@[A-Z_]+@", File.ReadAllText(path)));
    }

    [Theory]
    [InlineData("--fleet", "La b")]
    [InlineData("--fleet", "a|b")]
    [InlineData("--port", "70000")]
    [InlineData("--address", "a b")]
    [InlineData("--into", "relative")]
    [InlineData("--unknown", "x")]
    public async Task Install_OptionThatIsNotLawful_IsWrongUsage(string option, string value)
    {
        Assert.NotEmpty((await InstallAsync(option, value)).Expect(2).Error);
        Assert.False(Directory.Exists(_folder["etc"]));
    }

    private async Task IssueAsync(string role, string name) => (await AuthorityAsync("issue", role, name)).Expect();

    private Task<ProcessResult> AuthorityAsync(string verb, params string[] arguments) =>
        ProcessRun.RunAsync("bash", [Path.Combine(Deploy, "certificates", "authority.sh"), verb, _folder["ca"], .. arguments]);

    private Task<ProcessResult> InstallAsync(params string[] more) => ProcessRun.RunAsync("bash",
        [Path.Combine(Deploy, "mosquitto", "install.sh"), "--fleet", "lab", "--certificates", _folder["ca"], "--into", _folder["etc"], "--user", Environment.UserName, .. more]);

    private string Snapshot() => string.Join('\n', Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
        .Select(path => $"{path} {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(path)))}"));
}
