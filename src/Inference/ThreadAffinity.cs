using System.Runtime.InteropServices;

namespace EdgeRuntime.Inference;

/// <summary>Keeps worker threads to the CPUs that a target gives to inference.</summary>
public static unsafe partial class ThreadAffinity
{
    private const int MaskWords = 16; // 1024 CPUs, as glibc's cpu_set_t

    /// <summary>Binds the calling thread; the pools of sessions are bound by <see cref="ExecutionOptions.Cpus"/> themselves.</summary>
    /// <exception cref="InferenceException">A CPU is not there, or may not be used.</exception>
    public static void PinCurrentThread(IReadOnlyList<int> cpus)
    {
        if (cpus.Count == 0 || !OperatingSystem.IsLinux()) return;
        ulong* mask = stackalloc ulong[MaskWords];
        new Span<ulong>(mask, MaskWords).Clear();
        foreach (int cpu in cpus)
        {
            if (cpu is < 0 or >= MaskWords * 64) throw Refused(cpus);
            mask[cpu / 64] |= 1UL << (cpu % 64);
        }
        if (sched_setaffinity(0, MaskWords * sizeof(ulong), mask) != 0) throw Refused(cpus);
    }

    private static InferenceException Refused(IReadOnlyList<int> cpus) =>
        new(InferenceError.ProviderUnavailable, $"threads cannot be bound to the CPUs {string.Join(',', cpus)} of {Environment.ProcessorCount}");

    [LibraryImport("libc")]
    private static partial int sched_setaffinity(int thread, nuint size, ulong* mask);
}
