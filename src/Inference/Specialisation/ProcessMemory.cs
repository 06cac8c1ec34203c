namespace EdgeRuntime.Inference.Specialisation;

/// <summary>What this process holds, and what it may still take, as Linux counts it; in bytes.</summary>
internal static class ProcessMemory
{
    private const long Kibibyte = 1024;

    /// <summary>Memory of this process that no file backs; negative where the system does not say.</summary>
    public static long Anonymous() => ProcFile.Field("/proc/self/smaps_rollup", "Anonymous:") * Kibibyte;

    /// <summary>The least of what the machine has free and what the control groups let us take.</summary>
    public static long Available()
    {
        long machine = ProcFile.Field("/proc/meminfo", "MemAvailable:") * Kibibyte;
        long groups = new ControlGroups().Headroom();
        return machine < 0 ? groups : Math.Min(machine, groups);
    }
}
