using System.Security.Cryptography;
using System.Text.RegularExpressions;
using EdgeRuntime.TestKit;
using EdgeRuntime.TestKit.Processes;
using Xunit;

namespace EdgeRuntime.EndToEnd.Tests.Deployment;

/// <summary>The Debian packages: what is in them, that they can be made again to the byte, install, run and go away.</summary>
public sealed partial class DebianPackageTests(DebianPackages packages) : IClassFixture<DebianPackages>
{
    public static TheoryData<string> Programs => [.. DebianPackages.Programs];

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task Make_Twice_GivesTheSameBytes(string program) =>
        Assert.Equal(SHA256.HashData(await File.ReadAllBytesAsync(packages[program].File, TestContext.Current.CancellationToken)),
            SHA256.HashData(await File.ReadAllBytesAsync(await packages[program].MakeAsync("second"), TestContext.Current.CancellationToken)));

    [Fact]
    public async Task Make_OfAProgramWithoutAFolderInDeploy_IsRefused()
    {
        using var folder = new TempFolder();
        var run = await DebianPackage.ScriptAsync("linux-x64", "edge-packager", folder.Path);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("deploy/debian/edge-packager is missing", run.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task Make_ForAnotherArchitectureThanTheProgram_IsRefused(string program)
    {
        using var folder = new TempFolder();
        var run = await DebianPackage.ScriptAsync("linux-arm64", program, folder.Path);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("is not for linux-arm64: ./edge publish --rid linux-arm64 makes it", run.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task Control_Fields_AreComplete(string program)
    {
        var package = packages[program];
        var fields = (await DebianPackage.DpkgAsync("--field", package.File)).Split('\n').Where(line => line.Length > 0 && line[0] != ' ')
            .Select(line => line.Split(": ", 2)).ToDictionary(pair => pair[0], pair => pair[1]);
        Assert.Equal((program, "amd64"), (fields["Package"], fields["Architecture"]));
        Assert.Matches(@"^\d+\.\d+\.\d+", fields["Version"]);
        Assert.Matches("^.+ <.+@.+>$", fields["Maintainer"]);
        var depends = fields["Depends"].Split(", ");
        Assert.All(["libmosquitto1 (>= 2.0)", "libssl3 (>= 3.0)", "libgcc-s1", "adduser"], each => Assert.Contains(each, depends));
        Assert.Contains(depends, each => LibcVersion().IsMatch(each));
        Assert.InRange(long.Parse(fields["Installed-Size"]), 20_000, 100_000);
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task Contents_OfThePackage_AreRootsAndReadableAndNothingIsSetUid(string program)
    {
        var package = packages[program];
        foreach (var line in (await DebianPackage.DpkgAsync("--contents", package.File)).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            Assert.Matches(@"^(drwxr-xr-x|-rw-r--r--|-rwxr-xr-x|lrwxrwxrwx) root/root ", line);
        Assert.Equal([$"/etc/{program}/{program}.json"], await File.ReadAllLinesAsync(Path.Combine(package.Control, "conffiles"), TestContext.Current.CancellationToken));
        foreach (var path in new[] { $"usr/lib/systemd/system/{program}.service", $"usr/share/doc/{program}/copyright", $"usr/share/doc/{program}/changelog.gz", $"usr/share/doc/{program}/examples/{program}-gpu.conf", $"usr/lib/{program}/sbom.cdx.json" })
            Assert.True(new FileInfo(Path.Combine(package.Tree, path)).Length > 100, path);
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task Sums_OfThePackage_AreThoseOfItsFiles(string program)
    {
        var package = packages[program];
        (await ProcessRun.RunAsync("md5sum", ["--check", "--strict", "--quiet", Path.Combine(package.Control, "md5sums")], ProcessRun.DefaultDeadline, directory: package.Tree)).Expect();
        var summed = (await File.ReadAllLinesAsync(Path.Combine(package.Control, "md5sums"), TestContext.Current.CancellationToken)).Select(line => line.Split("  ")[1]);
        var files = Directory.GetFiles(package.Tree, "*", SearchOption.AllDirectories).Where(path => new FileInfo(path).LinkTarget is null)
            .Select(path => Path.GetRelativePath(package.Tree, path)).Where(path => !path.StartsWith("etc/", StringComparison.Ordinal));
        Assert.Equal(files.Order(StringComparer.Ordinal), summed.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task Copyright_OfThePackage_NamesEveryPartThatShips(string program)
    {
        var package = packages[program];
        var text = await File.ReadAllTextAsync(Path.Combine(package.Tree, $"usr/share/doc/{program}/copyright"), TestContext.Current.CancellationToken);
        foreach (var folder in Directory.GetDirectories(Path.Combine(package.Tree, $"usr/share/doc/{program}/LICENSES")).Select(Path.GetFileName).Where(name => name is not ("dotnet" or "aspnetcore")))
            Assert.Contains($" {folder} ", text, StringComparison.Ordinal);
        Assert.Contains("AspNetCore", text, StringComparison.Ordinal);
        Assert.Contains("NETCore", text.Replace("ILCompiler", "NETCore", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task Scripts_OfThePackage_AreValidShell(string program)
    {
        var package = packages[program];
        foreach (var script in new[] { "postinst", "prerm", "postrm" })
        {
            var path = Path.Combine(package.Control, script);
            (await ProcessRun.RunAsync("/bin/sh", "-n", path)).Expect();
            var lines = await File.ReadAllLinesAsync(path, TestContext.Current.CancellationToken);
            Assert.DoesNotContain(lines, line => Placeholder().IsMatch(line));
            Assert.Equal(["#!/bin/sh", "set -e"], lines.Where(line => line.StartsWith("#!", StringComparison.Ordinal) || line == "set -e"));
        }
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task Unit_OfThePackage_IsValidAndSandboxed(string program)
    {
        var package = packages[program];
        Assert.SkipUnless(File.Exists("/usr/bin/systemd-analyze"), "systemd-analyze is missing");
        var unit = Path.Combine(package.Tree, $"usr/lib/systemd/system/{program}.service");
        var verified = await ProcessRun.RunAsync("systemd-analyze", "verify", "--recursive-errors=no", $"--root={package.Tree}", $"{program}.service");
        Assert.DoesNotContain(verified.Error.Split('\n'), line => line.Contains($"{program}.service", StringComparison.Ordinal) && !line.Contains("sysinit.target", StringComparison.Ordinal));
        (await ProcessRun.RunAsync("systemd-analyze", "security", "--offline=true", "--threshold=15", unit)).Expect();
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task Install_InAnOverlayOfThisSystem_RunsAsItsUserAndPurgesWithoutATrace(string program)
    {
        var package = packages[program];
        Assert.SkipUnless(Environment.UserName == "root", "needs root");
        var script = Path.Combine(RepositoryPaths.Root, "tests", "EndToEnd", "Deployment", "install.sh");
        var run = await ProcessRun.RunAsync("unshare", ["--mount", "--pid", "--fork", "bash", script, package.File], TimeSpan.FromMinutes(2));
        Assert.SkipWhen(run.ExitCode == 77, run.Error);
        Assert.Contains("all as it should be", run.Expect().Output, StringComparison.Ordinal);
    }

    [GeneratedRegex("@[A-Z]+@")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"^libc6 \(>= 2\.\d\d\)$")]
    private static partial Regex LibcVersion();
}
