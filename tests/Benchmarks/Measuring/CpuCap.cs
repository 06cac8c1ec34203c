using System.Globalization;

namespace EdgeRuntime.Benchmarks.Measuring;

/// <summary>A control group with a part of one core, of version 1 or 2. Programs enter it before they are executed.</summary>
internal sealed class CpuCap : IDisposable
{
    // Short periods, since a program that used up its part waits for the next; the kernel gives no less than a millisecond.
    private const int Period = 20_000; // microseconds
    private static int _groups;
    private readonly string _folder;

    private CpuCap(string folder, double cores)
    {
        _folder = folder;
        Directory.CreateDirectory(folder);
        if (!File.Exists(Path.Combine(folder, "cpu.max")) && !File.Exists(Path.Combine(folder, "cpu.cfs_quota_us")))
        {
            Directory.Delete(folder);
            throw new IOException($"{folder} has no controller for CPU time");
        }
        try
        {
            Limit(cores);
        }
        catch
        {
            Directory.Delete(folder);
            throw;
        }
    }

    /// <summary>Null where this machine has no group that may be made; <paramref name="reason"/> says why.</summary>
    public static CpuCap? TryCreate(double cores, out string reason)
    {
        reason = "no control group for CPU time here";
        foreach (var parent in new[] { "/sys/fs/cgroup/cpu", "/sys/fs/cgroup" }.Where(Directory.Exists))
        {
            try
            {
                return new CpuCap(Path.Combine(parent, $"edge-bench-cpu-{Environment.ProcessId}-{Interlocked.Increment(ref _groups)}"), cores);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                reason = error.Message;
            }
        }
        return null;
    }

    /// <summary>From now on another part.</summary>
    public void Limit(double cores)
    {
        var quota = (cores * Period).ToString("0", CultureInfo.InvariantCulture);
        if (File.Exists(Path.Combine(_folder, "cpu.max"))) File.WriteAllText(Path.Combine(_folder, "cpu.max"), $"{quota} {Period}");
        else
        {
            File.WriteAllText(Path.Combine(_folder, "cpu.cfs_period_us"), Period.ToString(CultureInfo.InvariantCulture));
            File.WriteAllText(Path.Combine(_folder, "cpu.cfs_quota_us"), quota);
        }
    }

    /// <summary>The command that enters the group and becomes <paramref name="command"/>, under the same process id.</summary>
    public (string File, string[] Arguments) Enter(string file, string[] arguments) =>
        ("/bin/sh", ["-c", $"echo $$ > '{_folder}/cgroup.procs' && exec \"$@\"", "sh", file, .. arguments]);

    /// <summary>Removes the group; whatever ran in it must have ended.</summary>
    public void Dispose()
    {
        if (Directory.Exists(_folder)) Directory.Delete(_folder);
    }
}
