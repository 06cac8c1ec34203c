using EdgeRuntime.Bundles;

namespace EdgeRuntime.Inference;

/// <summary>How and on what a variant runs. The defaults are safe on a shared machine: CPU, no spinning, no hidden fallback.</summary>
public sealed record ExecutionOptions
{
    /// <summary>The name of the provider that every build has.</summary>
    public const string Cpu = "cpu";

    /// <summary>Execution providers, wanted first: <c>cpu</c>, <c>cuda</c>, <c>tensorrt</c>, <c>openvino</c>.</summary>
    public IReadOnlyList<string> Providers { get; init; } = [Cpu];

    /// <summary>Whether the CPU may stand in for providers named before it, or for nodes that they cannot run.</summary>
    public bool AllowCpuFallback { get; init; }

    /// <summary>Threads that share one run, the caller's included; 0 takes as many as <see cref="Cpus"/>, or as the machine has cores.</summary>
    public int Threads { get; init; }

    /// <summary>The CPUs, counted from 0, that runs keep to; empty for all.</summary>
    public IReadOnlyList<int> Cpus { get; init; } = [];

    /// <summary>Whether threads burn CPU time between the parts of a run. Faster on cores of one's own, ruinous on shared ones.</summary>
    public bool Spin { get; init; }

    /// <summary>The most memory that the model may need, weights included; null for no limit.</summary>
    public ByteCount? MemoryBudget { get; init; }

    /// <summary>The threads of a run, at least one.</summary>
    public int EffectiveThreads => Threads > 0 ? Threads : Cpus.Count > 0 ? Cpus.Count : Environment.ProcessorCount;

    /// <summary>The options that a hardware description asks for.</summary>
    public static ExecutionOptions From(Target target) => new()
    {
        Providers = target.ExecutionProviders,
        AllowCpuFallback = target.AllowCpuFallback,
        Threads = target.Threads,
        Cpus = target.Cpus,
    };
}
