using System.Diagnostics;
using System.Runtime.InteropServices;
using EdgeRuntime.TestKit.Models;
using EdgeRuntime.TestKit.Processes;
using Microsoft.ML.OnnxRuntime;
using Xunit;

namespace EdgeRuntime.Inference.Tests.OnnxRuntime;

/// <summary>
/// ONNX Runtime's telemetry leaves a file in the home folder and starts threads. Each case runs in a process of its own with
/// a home of its own: this program again, told to run one of the probes below.
/// </summary>
public sealed partial class TelemetryTests
{
    private const string OptOut = "ORT_DISABLE_TELEMETRY";

    // ONNX Runtime is also silent where CI, TF_BUILD, GITHUB_ACTIONS and a dozen others are set: a probe sees none of them.
    private static readonly string[] Kept = ["PATH", "DOTNET_ROOT", "LD_LIBRARY_PATH", "TMPDIR"];

    [Fact]
    public async Task Session_AsTheProjectUsesIt_LeavesNoFileAndNoForeignThread()
    {
        var (files, threads) = await ProbeAsync(nameof(ProbeWithOptOut));
        Assert.Empty(files);
        Assert.DoesNotContain(threads, IsForeign);
    }

    [Fact]
    public async Task Session_OptOutTakenBack_IsSeenByTheSameProbe()
    {
        var (files, threads) = await ProbeAsync(nameof(ProbeWithoutOptOut));
        Assert.Contains(files, file => file.Contains("Microsoft", StringComparison.Ordinal));
        Assert.Contains(threads, IsForeign);
    }

    [Fact(Explicit = true)]
    public void ProbeWithOptOut() => Probe();

    [Fact(Explicit = true)]
    public void ProbeWithoutOptOut()
    {
        TelemetryOptOut.Apply(); // the module is initialised now, and does not come back to it
        Assert.Equal(0, unsetenv(OptOut));
        Probe();
    }

    // On a thread with a name of its own, which native threads that it starts inherit.
    private static void Probe()
    {
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                OpenSession();
            }
            catch (Exception e)
            {
                failure = e;
            }
        })
        { Name = "probe" };
        thread.Start();
        Assert.True(thread.Join(TimeSpan.FromSeconds(30)));
        Assert.Null(failure);
    }

    private static void OpenSession()
    {
        string[] before = Threads();
        using var environment = OrtEnv.Instance();
        using var options = new SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1 };
        using var session = new InferenceSession(TestModels.Identity(), options);
        foreach (string thread in Threads().Except(before)) Console.WriteLine($"thread {thread}");
    }

    // Threads that .NET may start meanwhile carry its names; a session of one thread starts none.
    private static bool IsForeign(string thread) => !thread.StartsWith(".NET", StringComparison.Ordinal) && !thread.StartsWith("EdgeRuntime", StringComparison.Ordinal);

    // Without those that end meanwhile.
    private static string[] Threads() =>
        [.. Directory.GetDirectories("/proc/self/task").Select(task => $"{ProcText.ReadOrEmpty(Path.Combine(task, "comm")).Trim()} {Path.GetFileName(task)}").Where(thread => thread[0] != ' ')];

    private static async Task<(string[] Files, string[] Threads)> ProbeAsync(string method)
    {
        using var home = new TempFolder();
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["-method", $"{typeof(TelemetryTests).FullName}.{method}", "-explicit", "only", "-showLiveOutput"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string name in start.Environment.Keys.Except(Kept).ToArray()) start.Environment.Remove(name);
        start.Environment["HOME"] = home.Path;
        using var process = Process.Start(start)!;
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, output);
        return (Directory.GetFiles(home.Path, "*", SearchOption.AllDirectories),
            [.. output.Split('\n').Where(line => line.Contains("thread ", StringComparison.Ordinal)).Select(line => line[(line.IndexOf("thread ", StringComparison.Ordinal) + 7)..].Trim())]);
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int unsetenv(string name);
}
