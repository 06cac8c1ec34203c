using System.Globalization;
using EdgeRuntime.TestKit.Processes;

namespace EdgeRuntime.Benchmarks.Load;

/// <summary>
/// Gives the runtime the first core, and this process with all that it starts the others; until disposed. On one core, nothing is divided.
/// Wakes and steals of the other side would be measured otherwise.
/// </summary>
internal sealed class CoreSplit : IAsyncDisposable
{
    private const string Program = "taskset";

    private CoreSplit(bool isDivided) => IsDivided = isDivided;

    public bool IsDivided { get; }

    private static string All => string.Create(CultureInfo.InvariantCulture, $"0-{Environment.ProcessorCount - 1}");

    public static async Task<CoreSplit> DivideAsync()
    {
        // Asked before this process is bound: the count follows the affinity only at its start.
        if (Environment.ProcessorCount < 2) return new CoreSplit(false);
        await BindAsync(string.Create(CultureInfo.InvariantCulture, $"1-{Environment.ProcessorCount - 1}"));
        return new CoreSplit(true);
    }

    /// <summary>The command line that starts a program on the runtime's core; the process id is the program's.</summary>
    public (string File, string[] Arguments) EnterRuntimeCore(string[] command) =>
        IsDivided ? (Program, ["-c", "0", .. command]) : (command[0], command[1..]);

    public async ValueTask DisposeAsync()
    {
        if (IsDivided) await BindAsync(All);
    }

    private static async Task BindAsync(string cores) =>
        (await ProcessRun.RunAsync(Program, "-a", "-c", "-p", cores, Environment.ProcessId.ToString(CultureInfo.InvariantCulture))).Expect();
}
