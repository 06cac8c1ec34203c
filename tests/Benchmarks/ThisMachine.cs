using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace EdgeRuntime.Benchmarks;

/// <summary>The target that the runtime takes this machine for.</summary>
internal static class ThisMachine
{
    private const int Avx512Vnni = 1 << 11; // CPUID leaf 7, ECX

    public static string Target =>
        RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "arm64-generic"
        : X86Base.IsSupported && (X86Base.CpuId(7, 0).Ecx & Avx512Vnni) != 0 ? "x86-avx512-vnni"
        : "x86-avx2";
}
