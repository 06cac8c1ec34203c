using System.Globalization;
using System.Runtime.InteropServices;
using EdgeRuntime.Bundles;
using EdgeRuntime.TestKit;
using EdgeRuntime.TestKit.Bundles;
using EdgeRuntime.TestKit.Models;
using EdgeRuntime.TestKit.Processes;
using Xunit;

namespace EdgeRuntime.EndToEnd.Tests;

/// <summary>A model is opened for the first time in a process of its own; the published runtime, over a real broker.</summary>
public sealed class TrialTests : BrokerSite
{
    private const int Side = 512;
    private const string Stood = "stood its trial in a process of its own";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task HangUp_TrialOfANewModelIsKilled_TheOthersServeThroughoutAndTheDeviceSaysWhy()
    {
        var bundles = new BundleMaker(Folder);
        var echo = Entry("echo", bundles.Make("echo", TestModels.Identity(), "x86-avx2"));
        await using var device = await DeviceProcess.StartAsync(Folder, Broker.Port, Members(bundles, echo));
        await using var client = await AskingClient.ConnectAsync(Broker.Port, "asker");
        await device.ConfigureAsync(Members(bundles, echo, Entry("slow", Slow(bundles))));
        device.HangUp();
        int trial = await ChildAsync(device.Id);
        for (int i = 0; i < 20; i++) Assert.Equal("OK", (await client.AskAsync(device.Name, "echo", Request, "application/json")).Status);
        (await ProcessRun.RunAsync("kill", "-KILL", trial.ToString(CultureInfo.InvariantCulture))).Expect();
        await device.WaitForReasonAsync("model 'slow' 1.0.0 did not stand its trial in a process of its own: signal 9 ended it");
        Assert.Equal("OK", (await client.AskAsync(device.Name, "echo", Request, "application/json")).Status);
        Assert.Equal(0, await device.StopAsync());
    }

    [Fact]
    public async Task Kill_DuringATrial_TheTrialEndsToo()
    {
        var bundles = new BundleMaker(Folder);
        await using var device = await DeviceProcess.CreateAsync(Folder, Broker.Port, Members(bundles, Entry("slow", Slow(bundles))));
        await device.StartUntilAsync("installing", TimeSpan.Zero);
        int trial = await ChildAsync(device.Id);
        await device.KillAsync();
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (IsRunning(trial)) await Task.Delay(10, late.Token);
    }

    [Fact]
    public async Task Start_ModelStoodItsTrialBefore_ItIsNotTriedAgain()
    {
        var bundles = new BundleMaker(Folder);
        await using var device = await DeviceProcess.StartAsync(Folder, Broker.Port, Members(bundles, Entry("echo", bundles.Make("echo", TestModels.Identity(), "x86-avx2"))));
        Assert.Contains(Stood, device.Log, StringComparison.Ordinal);
        Assert.Equal(0, await device.StopAsync());
        await device.RestartAsync();
        Assert.Equal("online", device.FirstState.GetProperty("state").GetString());
        Assert.DoesNotContain(Stood, device.Log, StringComparison.Ordinal);
    }

    // Its test takes far longer than this one.
    private static string Slow(BundleMaker bundles) => bundles.Make("slow", TestModels.Slow(Side, steps: 4000), "x86-avx2", (writer, manifest) =>
    {
        var ones = Enumerable.Repeat(1f, Side * Side).ToArray();
        writer.Add("golden/0.in.npz", Matrix("x", ones));
        writer.Add("golden/0.out.npz", Matrix("y", ones));
        return manifest with { Golden = [new GoldenVector { Inputs = "golden/0.in.npz", Outputs = "golden/0.out.npz" }] };
    });

    private static byte[] Matrix(string name, float[] values) =>
        Npz.Write([new NamedArray(name, ElementType.Float32, [Side, Side], MemoryMarshal.AsBytes<float>(values).ToArray())]);

    // Once it is one that tries: before it calls exec it is still what it was made from.
    private static async Task<int> ChildAsync(int parent)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        late.CancelAfter(TimeSpan.FromSeconds(30));
        while (true)
        {
            foreach (var child in Children(parent))
                if (CommandLine(child).Contains("\0try\0", StringComparison.Ordinal)) return child;
            await Task.Delay(1, late.Token);
        }
    }

    private static IEnumerable<int> Children(int parent) => Directory.GetDirectories($"/proc/{parent}/task")
        .SelectMany(task => ProcText.ReadOrEmpty(Path.Combine(task, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Select(child => int.Parse(child, CultureInfo.InvariantCulture));

    private static string CommandLine(int process) => ProcText.ReadOrEmpty($"/proc/{process}/cmdline");

    private static bool IsRunning(int process) => Directory.Exists($"/proc/{process}");
}
