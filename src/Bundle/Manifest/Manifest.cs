namespace EdgeRuntime.Bundles;

// The JSON reader hands null to the init of a list that the document leaves out, initializer or not.
/// <summary>What a bundle says of itself. Immutable; one that came out of <see cref="ManifestJson.Read"/> is valid in itself.</summary>
public sealed record Manifest
{
    /// <summary>The newest format that this reader knows; readers accept every version from 1 on.</summary>
    public const int CurrentFormatVersion = 1;

    public int FormatVersion { get; init; } = CurrentFormatVersion;

    public required string Name { get; init; }

    public required string Version { get; init; }

    /// <summary>Grows with every release of a name; a device never goes back below the highest that it committed.</summary>
    public required long Sequence { get; init; }

    /// <summary>Names of the targets that the variants were made for.</summary>
    public required IReadOnlyList<string> Targets { get; init; }

    public required IReadOnlyList<TensorSpec> Inputs { get; init; }

    public required IReadOnlyList<TensorSpec> Outputs { get; init; }

    public PreprocessStep? Preprocess { get; init; }

    public IReadOnlyList<PostprocessStep> Postprocessing { get; init => field = value ?? []; } = [];

    /// <summary>The ladder: best quality first.</summary>
    public required IReadOnlyList<Variant> Variants { get; init; }

    public IReadOnlyList<GoldenVector> Golden { get; init => field = value ?? []; } = [];

    public QualityThresholds? Thresholds { get; init; }

    /// <summary>Size and digest of every entry but manifest.json and manifest.sig, by name.</summary>
    public required IReadOnlyDictionary<string, EntryInfo> Entries { get; init; }

    /// <summary>The variant of that id.</summary>
    /// <exception cref="BundleException">There is none; the message lists those that there are.</exception>
    public Variant Variant(string id) => Variants.FirstOrDefault(variant => variant.Id == id)
        ?? throw new BundleException(BundleError.MissingEntry, $"bundle '{Name}' has no variant '{Identifier.Quote(id)}', only {string.Join(", ", Variants.Select(variant => variant.Id))}");
}

/// <summary>Size in bytes and SHA-256 of an entry.</summary>
public readonly record struct EntryInfo(long Size, Sha256Digest Sha256);

/// <summary>A graph of its own, run per request before batching: one encoded image (uint8[n]) in, one tensor out.</summary>
public sealed record PreprocessStep
{
    public required string Path { get; init; }

    /// <summary>The model's input that the graph's output becomes.</summary>
    public required string Input { get; init; }

    public required IReadOnlyList<string> ContentTypes { get; init; }
}

/// <summary>What becomes of a model's output before it is an answer.</summary>
public sealed record PostprocessStep
{
    public const string Raw = "raw", TopK = "top-k", Ctc = "ctc";

    /// <summary><see cref="Raw"/>, <see cref="TopK"/> or <see cref="Ctc"/>.</summary>
    public required string Kind { get; init; }

    public required string Output { get; init; }

    /// <summary>The entry with one label a line; null where the answer is numbers only.</summary>
    public string? Labels { get; init; }

    /// <summary>How many classes a top-k answer holds.</summary>
    public int K { get; init; }

    /// <summary>The class that CTC takes for "nothing".</summary>
    public int Blank { get; init; }

    /// <summary>Whether scores still have to go through softmax.</summary>
    public bool Softmax { get; init; }
}

/// <summary>Inputs and the answers that the fp32 parent gave, for the self-test on the device: two npz entries keyed by tensor name.</summary>
public sealed record GoldenVector
{
    public required string Inputs { get; init; }

    public required string Outputs { get; init; }
}

/// <summary>Quality below which a variant must not be served; relative to the fp32 parent, 1 = equal.</summary>
public sealed record QualityThresholds
{
    public required double MinRelative { get; init; }
}
