using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using EdgeRuntime.Inference.Native;

namespace EdgeRuntime.Inference.Cache;

/// <summary>
/// What of the CPU decides which kernels ONNX Runtime picks: model and instruction sets. Read from the CPU itself, since
/// /proc/cpuinfo takes milliseconds where there are many cores.
/// </summary>
internal static class CpuIdentity
{
    public static string Read() => X86Base.IsSupported ? X86() : $"{RuntimeInformation.ProcessArchitecture}:{Arm()}";

    private static string X86()
    {
        var basic = X86Base.CpuId(1, 0); // EBX left out: it has the number of the core that ran this
        var extended = X86Base.CpuId(7, 0);
        var further = X86Base.CpuId(7, 1);
        return string.Create(CultureInfo.InvariantCulture,
            $"X64:{basic.Eax:x8}.{basic.Ecx & ~(1 << 27):x8}.{basic.Edx:x8}.{extended.Ebx:x8}.{extended.Ecx:x8}.{extended.Edx:x8}.{further.Eax:x8}");
    }

    private static string Arm()
    {
        const int Capabilities = 16, Capabilities2 = 26; // AT_HWCAP, AT_HWCAP2
        const string Midr = "/sys/devices/system/cpu/cpu0/regs/identification/midr_el1";
        string model = File.Exists(Midr) ? File.ReadAllText(Midr).Trim() : "";
        return $"{Libc.AuxiliaryValue(Capabilities):x}.{Libc.AuxiliaryValue(Capabilities2):x}.{model}";
    }
}
