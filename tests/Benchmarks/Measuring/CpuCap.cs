using System.Globalization;

namespace EdgeRuntime.Benchmarks.Measuring;

/// <summary>A control group with a part of one core, of version 1 or 2.</summary>
internal sealed class CpuCap : ControlGroup
{
    // Short periods, since a program that used up its part waits for the next; the kernel gives no less than a millisecond.
    private const int Period = 20_000; // microseconds
    private const string Maximum = "cpu.max", PeriodFile = "cpu.cfs_period_us", QuotaFile = "cpu.cfs_quota_us";
    private static int _groups;

    private CpuCap(string folder, double cores)
        : base(folder, () => Limit(folder, cores)) { }

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

    private static void Limit(string folder, double cores)
    {
        string quota = (cores * Period).ToString("0", CultureInfo.InvariantCulture), period = Period.ToString(CultureInfo.InvariantCulture);
        if (File.Exists(Path.Combine(folder, Maximum))) File.WriteAllText(Path.Combine(folder, Maximum), $"{quota} {period}");
        else if (File.Exists(Path.Combine(folder, QuotaFile)))
        {
            File.WriteAllText(Path.Combine(folder, PeriodFile), period);
            File.WriteAllText(Path.Combine(folder, QuotaFile), quota);
        }
        else throw new IOException($"{folder} has no controller for CPU time");
    }
}
