using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using EdgeRuntime.Bundles;
using EdgeRuntime.Inference;

namespace EdgeRuntime.Serving.Configuration;

/// <summary>What this machine is, where the configuration does not say.</summary>
internal static class ThisMachine
{
    private const int Avx512Vnni = 1 << 11; // CPUID leaf 7, ECX

    /// <summary>The target that describes this machine best.</summary>
    public static string TargetName =>
        RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "arm64-generic"
        : X86Base.IsSupported && (X86Base.CpuId(7, 0).Ecx & Avx512Vnni) != 0 ? "x86-avx512-vnni"
        : "x86-avx2";

    /// <summary>The options of a target, within the cores that are there.</summary>
    /// <param name="target">The device's hardware description.</param>
    /// <param name="model">What the model asks for.</param>
    public static ExecutionOptions Options(Target target, ModelSettings model)
    {
        var options = ExecutionOptions.From(target);
        int cores = Environment.ProcessorCount;
        return options with
        {
            Threads = model.Threads > 0 ? model.Threads : Math.Min(options.EffectiveThreads, cores),
            Cpus = [.. options.Cpus.Where(cpu => cpu < cores)],
            MemoryBudget = model.MemoryBudget,
        };
    }

    /// <summary>How many models may run at once without taking cores from each other; at least one.</summary>
    public static int RunsAtOnce(ServingSettings settings) => Runs(settings).AtOnce;

    /// <summary>Whether so many models that run at once leave no core to anything else.</summary>
    public static bool RunsTakeAllCores(ServingSettings settings)
    {
        var (atOnce, threads) = Runs(settings);
        return atOnce * threads >= Environment.ProcessorCount;
    }

    private static (int AtOnce, int Threads) Runs(ServingSettings settings)
    {
        int cores = Environment.ProcessorCount, threads = 1;
        foreach (var model in settings.Models)
        {
            var options = Options(settings.Target, model);
            if (options.Cpus.Count > 0) cores = Math.Min(cores, options.Cpus.Count);
            threads = Math.Max(threads, options.Threads);
        }
        return (Math.Max(1, cores / threads), threads);
    }
}
