using System.Security.Cryptography;
using System.Text;
using EdgeRuntime.Inference.Native;

namespace EdgeRuntime.Inference.Cache;

/// <summary>All that a specialised session depends on. Two runs with an equal key may share its files.</summary>
internal sealed record CacheKey
{
    // Bumped when this code makes other files of the same things.
    private const int Recipe = 4;

    /// <summary>The digest of the variant's own files.</summary>
    public required string Variant { get; init; }

    public required string Cpu { get; init; }

    public required int Threads { get; init; }

    /// <summary>The execution provider and its options.</summary>
    public required string Provider { get; init; }

    /// <summary>The version, commit and build flags of the library.</summary>
    public required string OnnxRuntime { get; init; }

    /// <summary>64 hexadecimal digits: the name of the entry's folder.</summary>
    public string Name
    {
        get
        {
            string[] parts = [$"{Recipe}", Variant, Cpu, $"{Threads}", Provider, OnnxRuntime];
            return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts))));
        }
    }

    public static CacheKey Of(string variantDigest, ExecutionOptions options, string provider) => new()
    {
        Variant = variantDigest,
        Cpu = CpuIdentity.Read(),
        Threads = options.EffectiveThreads,
        Provider = $"{provider} spin={(options.Spin ? 1 : 0)}",
        OnnxRuntime = OnnxApi.BuildInfoString,
    };
}
