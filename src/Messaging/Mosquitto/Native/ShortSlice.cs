using System.Runtime.InteropServices;

namespace EdgeRuntime.Messaging.Native;

/// <summary>
/// Lets a thread that never works for long come before those that compute for long, on the same core and at the same priority. From Linux 6.12 on,
/// a thread with a shorter slice takes the core as soon as it wakes up; without, it waits for the next tick. Elsewhere it has no effect.
/// </summary>
internal static unsafe partial class ShortSlice
{
    // sched_setattr(2), linux/sched.h, linux/sched/types.h
    private const ulong Nanoseconds = 100_000, ResetOnFork = 1;
    private const uint OrdinaryPolicy = 0;
    private static readonly (nint Get, nint Set) Calls = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? (275, 274) : (315, 314);

    /// <summary>For the calling thread, and not for those that it starts. False where the kernel refuses it or it has another policy than the ordinary one.</summary>
    public static bool Take()
    {
        var attributes = default(Attributes);
        if (Read(Calls.Get, 0, &attributes, (uint)sizeof(Attributes), 0) != 0 || attributes.Policy != OrdinaryPolicy) return false;
        (attributes.Size, attributes.Flags, attributes.Runtime) = ((uint)sizeof(Attributes), ResetOnFork, Nanoseconds);
        return Write(Calls.Set, 0, &attributes, 0) == 0;
    }

    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial nint Read(nint number, int thread, Attributes* attributes, uint size, uint flags);

    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial nint Write(nint number, int thread, Attributes* attributes, uint flags);

    /// <summary><c>struct sched_attr</c>, its first version.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Attributes
    {
        public uint Size, Policy;
        public ulong Flags;
        public int Nice;
        public uint Priority;
        public ulong Runtime, Deadline, Period;
    }
}
