using System.Text;
using EdgeRuntime.TestKit;
using EdgeRuntime.TestKit.Brokers;
using EdgeRuntime.TestKit.Bundles;
using EdgeRuntime.TestKit.Models;
using EdgeRuntime.TestKit.Processes;
using Xunit;

namespace EdgeRuntime.EndToEnd.Tests.Supervision;

/// <summary>The published programs as systemd services: what they tell their manager, and that the sandbox of its unit leaves each what it needs.</summary>
public sealed class ServiceTests : IDisposable
{
    private const string Python = "/usr/bin/python3";
    private const string Runtime = "edge-runtime", Offload = "edge-offload", Unconfined = "systemd-analyze, libseccomp or Linux 6.3 is missing";
    private static readonly string Sandbox = Path.Combine(RepositoryPaths.Root, "tests", "EndToEnd", "Supervision", "sandbox.py");
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static TheoryData<string> Programs => [Runtime, Offload];

    private readonly TempFolder _folder = new();
    private readonly NotifySocket _systemd = new();

    public void Dispose()
    {
        _systemd.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task Run_NoBroker_IsReadyFeedsTheWatchdogAndSaysThatItStops(string program)
    {
        await using var service = await StartAsync(program, [RepositoryPaths.Program(program)], port: 1, "\"models\":[]");
        Assert.Contains("STATUS=0 of 0 models in service", await _systemd.UntilAsync("READY=1"), StringComparison.Ordinal);
        for (int i = 0; i < 3; i++) await _systemd.UntilAsync("WATCHDOG=1");
        var stopping = service.StopAsync(Patience);
        await _systemd.UntilAsync("STOPPING=1");
        Assert.Equal(0, await stopping);
        Assert.DoesNotContain("systemd", service.Log, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task Run_InTheSandboxOfTheUnit_LoadsSpecialisesAndAnswers(string program)
    {
        Assert.SkipUnless(await CanConfineAsync(program), Unconfined);
        await using var broker = await MosquittoBroker.StartAsync();
        var bundles = new BundleMaker(_folder.Path);
        var members = $$"""
            "target":"x86-avx2","models":[{"name":"echo","source":"{{bundles.Make("echo", TestModels.Identity(), "x86-avx2")}}"}],"trust":{"keys":["{{bundles.TrustedKey}}"]}
            """;
        await using var service = await StartAsync(program, [Python, Sandbox, Unit(program), RepositoryPaths.Program(program)], broker.Port, members);
        Assert.Contains("STATUS=1 of 1 models in service", await _systemd.UntilAsync("READY=1"), StringComparison.Ordinal);
        await _systemd.UntilAsync("WATCHDOG=1");
        await using var client = await AskingClient.ConnectAsync(broker.Port, "asker");
        if (program == Runtime) Assert.Equal("OK", (await AskAsync(client)).Status);
        else await AnswersForADeviceAsync(client, broker.Port, members);
        while (!service.Log.Contains("Swapped", StringComparison.Ordinal)) await _systemd.UntilAsync("WATCHDOG=1");
        Assert.Equal(0, await service.StopAsync(Patience));
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task Sandbox_OfTheUnit_RefusesWhatItMust(string program)
    {
        Assert.SkipUnless(await CanConfineAsync(program), Unconfined);
        const string attempts = """
            import mmap, os, socket
            for attempt in (lambda: mmap.mmap(-1, 4096, prot=7), lambda: socket.socket(socket.AF_NETLINK), lambda: os.chown('/tmp', 0, 0), lambda: os.chroot('/tmp')):
                try: attempt(); print('done')
                except OSError: print('refused')
            """;
        var run = await ProcessRun.RunAsync(Python, Sandbox, Unit(program), Python, "-c", attempts);
        Assert.Equal("refused\nrefused\nrefused\nrefused\n", run.Expect().Output);
    }

    // A device without a sandbox hands it over; it has to see the server's beacon first.
    private async Task AnswersForADeviceAsync(AskingClient client, int port, string members)
    {
        await using var device = await DeviceProcess.StartAsync(_folder.Path, port, $"{members},\"offload\":{{}}");
        using var late = new CancellationTokenSource(Patience);
        AskingClient.Answer answer;
        for (answer = await AskAsync(client, "only"); answer.Status != "OK"; answer = await AskAsync(client, "only")) await Task.Delay(50, late.Token);
        Assert.Equal("offload", answer.Route);
    }

    private static Task<AskingClient.Answer> AskAsync(AskingClient client, string? offload = null) =>
        client.AskAsync("dev-1", "echo", Encoding.UTF8.GetBytes("""{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[1,2]}]}"""), "application/json", offload: offload);

    private async Task<RunningProcess> StartAsync(string program, string[] command, int port, string members)
    {
        var (path, identity) = (_folder[$"{program}.json"], program == Runtime ? "\"device\":\"dev-1\"" : "\"server\":\"gpu-1\"");
        await File.WriteAllTextAsync(path, $$"""{"fleet":"lab",{{identity}},"root":"{{program}}-root","broker":{"host":"127.0.0.1","port":{{port}}},{{members}}}""");
        return RunningProcess.Start(command[0], [.. command[1..], "run", "--config", path],
            new Dictionary<string, string> { ["NOTIFY_SOCKET"] = _systemd.Name, ["WATCHDOG_USEC"] = "400000" });
    }

    private static string Unit(string program) => Path.Combine(RepositoryPaths.Root, "deploy", "systemd", $"{program}.service");

    private static async Task<bool> CanConfineAsync(string program) => File.Exists("/usr/bin/systemd-analyze")
        && (await ProcessRun.RunAsync(Python, Sandbox, Unit(program), "/bin/true")).ExitCode == 0;
}
