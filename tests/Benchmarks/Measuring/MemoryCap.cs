using System.Globalization;

namespace EdgeRuntime.Benchmarks.Measuring;

/// <summary>A control group with a limit on memory, page cache included, of version 1 or 2.</summary>
internal sealed class MemoryCap : ControlGroup
{
    private const string Mount = "/sys/fs/cgroup", SwapFile = "memory.swap.max";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20), Glance = TimeSpan.FromMilliseconds(10);

    private readonly string _limit;

    private MemoryCap(string folder, string limitFile, long bytes)
        : base(folder, () => Limit(folder, limitFile, bytes)) => _limit = Path.Combine(folder, limitFile);

    /// <summary>Another limit, under whatever runs in the group. Returns once the kernel has taken back what is above it.</summary>
    /// <exception cref="IOException">It cannot.</exception>
    public async Task MoveAsync(long bytes)
    {
        using var late = new CancellationTokenSource(Patience);
        while (!TryMove(bytes))
        {
            if (late.IsCancellationRequested) throw new IOException($"{_limit}: the kernel cannot take back what is above {bytes} bytes\n{File.ReadAllText(Path.Join(Path.GetDirectoryName(_limit), "memory.stat"))}");
            await Task.Delay(Glance, CancellationToken.None);
        }
    }

    /// <summary>Null where this machine has no group that may be made; <paramref name="reason"/> says why.</summary>
    public static MemoryCap? TryCreate(long bytes, out string reason)
    {
        reason = "no control group for memory here";
        foreach (var (parent, limitFile) in Parents())
        {
            try
            {
                return new MemoryCap(Path.Combine(parent, $"edge-bench-{Environment.ProcessId}"), limitFile, bytes);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                reason = error.Message;
            }
        }
        return null;
    }

    // Version 1 refuses a limit (EBUSY) while it cannot take back enough.
    private bool TryMove(long bytes)
    {
        try
        {
            File.WriteAllText(_limit, bytes.ToString(CultureInfo.InvariantCulture));
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static void Limit(string folder, string limitFile, long bytes)
    {
        File.WriteAllText(Path.Combine(folder, limitFile), bytes.ToString(CultureInfo.InvariantCulture));
        if (File.Exists(Path.Combine(folder, SwapFile))) File.WriteAllText(Path.Combine(folder, SwapFile), "0");
    }

    // Version 1 has a hierarchy for memory alone; version 2 one for all, where memory must be switched on for children.
    private static IEnumerable<(string Parent, string LimitFile)> Parents()
    {
        foreach (var line in File.ReadLines("/proc/self/cgroup"))
        {
            var parts = line.Split(':', 3);
            if (parts[1].Split(',').Contains("memory")) yield return (Path.Combine(Mount, "memory", parts[2].TrimStart('/')), "memory.limit_in_bytes");
            if (parts[0] == "0" && File.Exists(Path.Combine(Mount, "cgroup.controllers"))) yield return (Path.Combine(Mount, parts[2].TrimStart('/')), "memory.max");
        }
        if (File.Exists(Path.Combine(Mount, "cgroup.controllers"))) yield return (Mount, "memory.max");
    }
}
