using System.Text.Json.Serialization;

namespace EdgeRuntime.Bundles;

// The JSON reader hands null to the init of a list that the document leaves out, initializer or not.
/// <summary>The hardware that a bundle is made for and that a runtime runs on; targets/NAME.json, schema in targets/schema.json.</summary>
public sealed record Target
{
    /// <summary>Names the schema for editors; nothing is read from it.</summary>
    [JsonPropertyName("$schema")]
    public string? Schema { get; init; }

    public required string Name { get; init; }

    public required string Description { get; init; }

    /// <summary><c>x64</c> or <c>arm64</c>.</summary>
    public required string Architecture { get; init; }

    /// <summary>Instruction set flags as Linux names them in /proc/cpuinfo; all must be there for code measured on this target to run as measured.</summary>
    public required IReadOnlyList<string> CpuFlags { get; init; }

    public required int Cores { get; init; }

    public required ByteCount MemoryBytes { get; init; }

    /// <summary>Null where there is only the CPU.</summary>
    public string? Accelerator { get; init; }

    /// <summary>ONNX Runtime's execution providers in the order of preference: <c>tensorrt cuda openvino cpu</c>.</summary>
    public required IReadOnlyList<string> ExecutionProviders { get; init; }

    /// <summary>Whether a model may fall back to the CPU when no provider before it loads.</summary>
    public required bool AllowCpuFallback { get; init; }

    /// <summary>Threads inside one run.</summary>
    public required int Threads { get; init; }

    /// <summary>The CPUs that inference keeps to; empty for all.</summary>
    public IReadOnlyList<int> Cpus { get; init => field = value ?? []; } = [];

    public required Int8Rules Int8 { get; init; }

    /// <summary>Best first: <c>int8 fp16 fp32</c>.</summary>
    public required IReadOnlyList<string> Precisions { get; init; }

    /// <summary>Names of the kernel's thermal zones to watch, as in /sys/class/thermal/*/type.</summary>
    public IReadOnlyList<string> ThermalZones { get; init => field = value ?? []; } = [];

    public required StorageLayout Storage { get; init; }

    public IReadOnlyList<PowerMode> PowerModes { get; init => field = value ?? []; } = [];

    /// <inheritdoc cref="TargetFile.Load"/>
    public static Target Load(string nameOrPath) => TargetFile.Load(nameOrPath);
}

/// <summary>How INT8 has to look for this hardware to run it fast and right.</summary>
public sealed record Int8Rules
{
    /// <summary><c>UINT8</c> or <c>INT8</c>.</summary>
    public required string Activations { get; init; }

    public required string Weights { get; init; }

    public required bool SymmetricActivations { get; init; }

    public required bool PerChannelWeights { get; init; }

    /// <summary>Largest magnitude of a weight: 127, or 64 where two products must fit 16 bits.</summary>
    public required int WeightLimit { get; init; }

    /// <summary><c>int32</c> (scale = input x weight) or <c>float</c>.</summary>
    public required string Bias { get; init; }

    /// <summary>The ops that carry Q/DQ around them.</summary>
    public required IReadOnlyList<string> QuantizedOps { get; init; }

    /// <summary>Convolutions of fewer channels, in or out, stay float; 0 for none.</summary>
    public int MinConvChannels { get; init; }

    /// <summary>Whether products of a matrix and a vector stay float.</summary>
    public bool AvoidMatrixVector { get; init; }

    /// <summary>Whether all that a Concat reads and makes has one scale.</summary>
    public bool SharedConcatScales { get; init; }

    /// <summary>Whether of a sum with a convolution only the other branch carries Q/DQ.</summary>
    public bool QuantizeIdentityBranchOnly { get; init; }

    /// <summary>Whether weights keep to -127 to 127, without -128.</summary>
    public bool NarrowRangeWeights { get; init; }

    /// <summary>Whether only float ops between the standard's Q/DQ are read, and no ops of whole numbers.</summary>
    public bool ConversionsOnly { get; init; }
}

/// <summary>Where the device keeps its files.</summary>
public sealed record StorageLayout
{
    public required string Root { get; init; }

    /// <summary>Most that specialised sessions may take.</summary>
    public required ByteCount CacheBytes { get; init; }
}

/// <summary>A power mode of the board, by the vendor's number (nvpmodel) and name.</summary>
public sealed record PowerMode
{
    public required int Id { get; init; }

    public required string Name { get; init; }

    public required double Watts { get; init; }
}
