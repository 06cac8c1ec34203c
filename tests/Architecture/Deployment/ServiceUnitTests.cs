using EdgeRuntime.Architecture.Tests.Documentation;
using EdgeRuntime.Serving.Configuration;
using EdgeRuntime.TestKit;
using EdgeRuntime.TestKit.Processes;
using Xunit;

namespace EdgeRuntime.Architecture.Tests.Deployment;

/// <summary>The systemd units of the programs that serve: what they name is there, they are alike, and systemd takes them, with their drop-ins too.</summary>
public sealed class ServiceUnitTests
{
    private const string Folder = "deploy/systemd";
    private static readonly string[] Serving = ["edge-runtime", "edge-offload"];

    public static TheoryData<string> Programs => [.. Serving];

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task Unit_CommandAndPaths_AreTheProgramsOwn(string program)
    {
        var unit = new UnitFile(RepositoryFiles.Read($"{Folder}/{program}.service"));
        var command = unit.Get("ExecStart").Split(' ');
        Assert.Equal([$"/usr/bin/{program}", "run", "--config", $"/etc/{program}/{program}.json"], command);
        Assert.True((await ProgramHelp.AskAsync(program)).Knows(command[1], command[2]));
        Assert.Equal((program, program, program), (unit.Get("User"), unit.Get("Group"), unit.Get("StateDirectory")));
        Assert.Equal(($"/var/lib/{program}", command[3]), (unit.Get("WorkingDirectory"), unit.Get("ConditionPathExists")));
        Assert.Contains(unit.Get("Documentation"), DebianFolder.Documents(program).Select(document => $"file:///usr/share/doc/{program}/{Path.GetFileName(document)}"));
        Assert.True(int.Parse(unit.Get("TimeoutStopSec"), null) > new LimitSettings().Drain.TotalSeconds + 2);
    }

    [Fact]
    public void Units_OfThePrograms_DifferInTheirNamesAlone()
    {
        var (runtime, offload) = (Body("edge-runtime"), Body("edge-offload"));
        Assert.Equal(runtime.Select(line => line.Replace("edge-runtime", "edge-offload", StringComparison.Ordinal)), offload);
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task Unit_AloneAndWithItsDropIn_IsTakenBySystemd(string program)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/systemd-analyze"), "systemd-analyze is missing");
        using var root = new TempFolder();
        Place(root, $"usr/bin/{program}", "#!/bin/sh\n", executable: true);
        Place(root, $"usr/lib/systemd/system/{program}.service", RepositoryFiles.Read($"{Folder}/{program}.service").Text);
        Assert.Empty(await ComplaintsAsync(root, program));
        var dropIn = RepositoryFiles.Read($"{Folder}/{program}-gpu.conf");
        var place = $"etc/systemd/system/{program}.service.d/gpu.conf";
        Assert.Contains($"/{place}.", dropIn.Lines[0], StringComparison.Ordinal);
        Place(root, place, dropIn.Text);
        Assert.Empty(await ComplaintsAsync(root, program));
        Place(root, place, dropIn.Text + "DeviceAlow=char-nvidia rw\n");
        Assert.Contains("DeviceAlow", Assert.Single(await ComplaintsAsync(root, program)), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public void DropIn_ForAGpu_LoosensWhatItMustAndNothingElse(string program)
    {
        var (unit, dropIn) = (new UnitFile(RepositoryFiles.Read($"{Folder}/{program}.service")), new UnitFile(RepositoryFiles.Read($"{Folder}/{program}-gpu.conf")));
        string[] loosened = ["MemoryDenyWriteExecute", "PrivateDevices", "PrivateUsers"];
        Assert.Equal(loosened, dropIn.Settings.Where(setting => setting.Value == "no").Select(setting => setting.Name).Order(StringComparer.Ordinal));
        Assert.All(loosened, name => Assert.Equal("yes", unit.Get(name)));
        Assert.Equal("closed", dropIn.Get("DevicePolicy"));
        Assert.All(dropIn.All("DeviceAllow"), device => Assert.Matches("^char-nv[a-z-]+ rw$", device));
    }

    private static IEnumerable<string> Body(string program) => RepositoryFiles.Read($"{Folder}/{program}.service").Lines.Where(line => !line.StartsWith("Description=", StringComparison.Ordinal));

    private static void Place(TempFolder root, string path, string text, bool executable = false)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(root[path])!);
        File.WriteAllText(root[path], text);
        if (executable) File.SetUnixFileMode(root[path], UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    // Of the unit itself: the targets that it refers to are not in this tree.
    private static async Task<IReadOnlyList<string>> ComplaintsAsync(TempFolder root, string program)
    {
        var verified = await ProcessRun.RunAsync("systemd-analyze", "verify", "--recursive-errors=no", $"--root={root.Path}", $"{program}.service");
        return [.. verified.Error.Split('\n').Where(line => line.Contains(program, StringComparison.Ordinal) && !line.Contains("sysinit.target", StringComparison.Ordinal))];
    }
}
