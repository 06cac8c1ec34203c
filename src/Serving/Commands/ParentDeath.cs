using System.Runtime.InteropServices;

namespace EdgeRuntime.Serving.Commands;

/// <summary>A child that nobody waits for any more.</summary>
internal static partial class ParentDeath
{
    private const int SetSignal = 1, Kill = 9; // PR_SET_PDEATHSIG, SIGKILL

    /// <summary>From now on the kernel ends this process when the thread that started it ends.</summary>
    public static void EndsThisProcess() => _ = Control(SetSignal, Kill, 0, 0, 0);

    [LibraryImport("libc", EntryPoint = "prctl")]
    private static partial int Control(int option, nuint signal, nuint unused, nuint none, nuint last);
}
