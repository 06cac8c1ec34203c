using System.Text;
using EdgeRuntime.TestKit;
using EdgeRuntime.TestKit.Brokers;
using EdgeRuntime.TestKit.Bundles;
using EdgeRuntime.TestKit.Models;
using EdgeRuntime.TestKit.Processes;
using Xunit;

namespace EdgeRuntime.EndToEnd.Tests.Supervision;

/// <summary>The published runtime as a systemd service: what it tells its manager, and that the unit's sandbox leaves it what it needs.</summary>
public sealed class ServiceTests : IDisposable
{
    private const string Python = "/usr/bin/python3";
    private static readonly string Unit = Path.Combine(RepositoryPaths.Root, "deploy", "systemd", "edge-runtime.service");
    private static readonly string Sandbox = Path.Combine(RepositoryPaths.Root, "tests", "EndToEnd", "Supervision", "sandbox.py");
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TempFolder _folder = new();
    private readonly NotifySocket _systemd = new();

    public void Dispose()
    {
        _systemd.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Run_NoBroker_IsReadyFeedsTheWatchdogAndSaysThatItStops()
    {
        await using var device = await StartAsync([RepositoryPaths.Program("edge-runtime")], port: 1, "\"models\":[]");
        Assert.Contains("STATUS=0 of 0 models in service", await _systemd.UntilAsync("READY=1"), StringComparison.Ordinal);
        for (int i = 0; i < 3; i++) await _systemd.UntilAsync("WATCHDOG=1");
        var stopping = device.StopAsync(Patience);
        await _systemd.UntilAsync("STOPPING=1");
        Assert.Equal(0, await stopping);
        Assert.DoesNotContain("systemd", device.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_InTheSandboxOfTheUnit_LoadsSpecialisesAndAnswers()
    {
        Assert.SkipUnless(await CanConfineAsync(), "systemd-analyze, libseccomp or Linux 6.3 is missing");
        await using var broker = await MosquittoBroker.StartAsync();
        var bundles = new BundleMaker(_folder.Path);
        var bundle = bundles.Make("echo", TestModels.Identity(), "x86-avx2");
        await using var device = await StartAsync([Python, Sandbox, Unit, RepositoryPaths.Program("edge-runtime")], broker.Port,
            $$"""
            "target":"x86-avx2","models":[{"name":"echo","source":"{{bundle}}"}],"trust":{"keys":["{{bundles.TrustedKey}}"]}
            """);
        Assert.Contains("STATUS=1 of 1 models in service", await _systemd.UntilAsync("READY=1"), StringComparison.Ordinal);
        await _systemd.UntilAsync("WATCHDOG=1");
        await using var client = await AskingClient.ConnectAsync(broker.Port, "asker");
        var request = Encoding.UTF8.GetBytes("""{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[1,2]}]}""");
        Assert.Equal("OK", (await client.AskAsync("dev-1", "echo", request, "application/json")).Status);
        while (!device.Log.Contains("Swapped", StringComparison.Ordinal)) await _systemd.UntilAsync("WATCHDOG=1");
        Assert.Equal(0, await device.StopAsync(Patience));
    }

    [Fact]
    public async Task Sandbox_OfTheUnit_RefusesWhatItMust()
    {
        Assert.SkipUnless(await CanConfineAsync(), "systemd-analyze, libseccomp or Linux 6.3 is missing");
        const string attempts = """
            import mmap, os, socket
            for attempt in (lambda: mmap.mmap(-1, 4096, prot=7), lambda: socket.socket(socket.AF_NETLINK), lambda: os.chown('/tmp', 0, 0), lambda: os.chroot('/tmp')):
                try: attempt(); print('done')
                except OSError: print('refused')
            """;
        var run = await ProcessRun.RunAsync(Python, Sandbox, Unit, Python, "-c", attempts);
        Assert.Equal("refused\nrefused\nrefused\nrefused\n", run.Expect().Output);
    }

    private async Task<RunningProcess> StartAsync(string[] command, int port, string members)
    {
        var path = _folder["edge-runtime.json"];
        await File.WriteAllTextAsync(path, $$"""{"fleet":"lab","device":"dev-1","root":"root","broker":{"host":"127.0.0.1","port":{{port}}},{{members}}}""");
        return RunningProcess.Start(command[0], [.. command[1..], "run", "--config", path],
            new Dictionary<string, string> { ["NOTIFY_SOCKET"] = _systemd.Name, ["WATCHDOG_USEC"] = "400000" });
    }

    private static async Task<bool> CanConfineAsync() => File.Exists("/usr/bin/systemd-analyze")
        && (await ProcessRun.RunAsync(Python, Sandbox, Unit, "/bin/true")).ExitCode == 0;
}
