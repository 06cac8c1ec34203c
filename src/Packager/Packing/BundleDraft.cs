using System.Text;
using EdgeRuntime.Bundles;
using EdgeRuntime.Packaging.Building;
using EdgeRuntime.Packaging.Measurement;
using EdgeRuntime.Packaging.Variants;

namespace EdgeRuntime.Packaging.Packing;

/// <summary>Everything of a bundle but its variants; packs it with them.</summary>
internal sealed class BundleDraft(BuildRequest request, ModelInterface tensors, IReadOnlyList<PostprocessStep> steps, GoldenSet golden, string? images)
{
    public const string ImageEntry = "preprocess/model.onnx", LicensesEntry = "LICENSES";
    private static readonly string[] ImageTypes = ["image/jpeg", "image/png"];

    private readonly BundleWriter _writer = new();

    /// <param name="ladder">At least one variant.</param>
    /// <param name="measurement">Times them where <paramref name="known"/> is null.</param>
    /// <param name="known">Figures of an earlier build.</param>
    /// <param name="keys">Who signs.</param>
    /// <param name="log">Told of progress.</param>
    public BuildResult Pack(Ladder ladder, VariantMeasurement measurement, MeasuredFile? known, IReadOnlyList<SigningKey> keys, BuildLog log)
    {
        foreach (var rung in ladder.Accepted)
            foreach (var file in Directory.GetFiles(rung.Made.Folder)) _writer.Add($"{FolderOf(rung)}{Path.GetFileName(file)}", file);
        var measured = Measured(ladder, measurement, known, log);
        AddExtras();
        var manifest = Describe(ladder, measured, golden.AddTo(_writer));
        var digest = _writer.Write(request.Output, manifest, keys, (done, total) => log.Progress("packing", done, total));
        var measuredPath = request.Measured ?? request.Output + MeasuredFile.Suffix;
        if (known is null) measured.Save(measuredPath);
        return Result(ladder, measured, digest, measuredPath);
    }

    private MeasuredFile Measured(Ladder ladder, VariantMeasurement measurement, MeasuredFile? known, BuildLog log)
    {
        var variants = new SortedDictionary<string, MeasuredVariant>(StringComparer.Ordinal);
        foreach (var rung in ladder.Accepted)
        {
            var id = rung.Made.Recipe.Id;
            if (known is null) log.Say($"variant {id}: measuring");
            variants[id] = known is null
                ? measurement.Of(rung.Made.ModelPath, rung.Made.Digest, rung.Made.Recipe.Target) with { Comparison = rung.Speed }
                : known.Of(id, rung.Made.Digest, request.Measured!);
        }
        foreach (var (id, measured) in ladder.TooSlow) variants[id] = measured;
        return new MeasuredFile { Variants = variants };
    }

    private void AddExtras()
    {
        if (images is not null) _writer.Add(ImageEntry, images);
        if (request.Labels is not null) _writer.Add(Postprocessing.LabelsEntry, request.Labels);
        if (request.License is not null) _writer.Add(LicensesEntry, request.License);
        else _writer.Add(LicensesEntry, Encoding.UTF8.GetBytes($"No licence was given for the model {request.Name} {request.Version}.\n"));
    }

    private Manifest Describe(Ladder ladder, MeasuredFile measured, IReadOnlyList<GoldenVector> vectors) => new()
    {
        Name = request.Name,
        Version = request.Version,
        Sequence = request.Sequence,
        Targets = [.. request.Targets.Select(target => target.Name)],
        Inputs = tensors.Inputs,
        Outputs = tensors.Outputs,
        Preprocess = images is null ? null : new PreprocessStep { Path = ImageEntry, Input = tensors.ImageInput!, ContentTypes = ImageTypes },
        Postprocessing = steps,
        Variants = [.. ladder.Accepted.Select(rung => Describe(rung, measured.Variants[rung.Made.Recipe.Id], ladder))],
        Golden = vectors,
        Thresholds = new QualityThresholds { MinRelative = 1 - request.MaxDrop },
        Entries = _writer.Entries,
    };

    private Variant Describe(LadderRung rung, MeasuredVariant measured, Ladder ladder)
    {
        var recipe = rung.Made.Recipe;
        var (cosine, absolute) = GoldenLimits.Of(rung.Made.Agreement, golden.Range, recipe.Target is null ? request.Targets : [recipe.Target]);
        var isParent = recipe.Id == VariantLadder.Fp32;
        return new Variant
        {
            Id = recipe.Id,
            Target = recipe.Target?.Name,
            Path = FolderOf(rung) + Export.ModelExporter.ModelFile,
            Precision = recipe.Precision,
            Parent = !isParent && ladder.Accepted.Any(other => other.Made.Recipe.Id == VariantLadder.Fp32) ? VariantLadder.Fp32 : null,
            Passes = [.. rung.Made.Passes.Select(pass => pass.Name)],
            Quality = rung.Quality,
            Latencies = measured.Latencies,
            Bytes = rung.Made.Bytes,
            PeakMemory = new ByteCount(measured.PeakMemoryBytes),
            GoldenMinCosine = cosine,
            GoldenMaxAbsolute = absolute,
        };
    }

    private BuildResult Result(Ladder ladder, MeasuredFile measured, Sha256Digest digest, string measuredPath) => new()
    {
        Bundle = request.Output,
        Name = request.Name,
        Version = request.Version,
        Sequence = request.Sequence,
        Digest = digest.ToString(),
        Bytes = new FileInfo(request.Output).Length,
        Measured = measuredPath,
        Variants = [.. ladder.Accepted.Select(rung => Report(rung, measured.Variants[rung.Made.Recipe.Id]))],
        Refused = ladder.Refused,
    };

    private static ReportedVariant Report(LadderRung rung, MeasuredVariant measured) => new()
    {
        Id = rung.Made.Recipe.Id,
        Precision = rung.Made.Recipe.Precision,
        Target = rung.Made.Recipe.Target?.Name,
        Passes = rung.Made.Passes,
        Quality = rung.Quality,
        Speed = rung.Speed,
        Audit = rung.Audit,
        Quantization = rung.Made.Quantization,
        GoldenCosine = rung.Made.Agreement.Cosine,
        GoldenAbsolute = rung.Made.Agreement.Absolute,
        Latencies = measured.Latencies,
        Bytes = rung.Made.Bytes.Bytes,
        PeakMemoryBytes = measured.PeakMemoryBytes,
    };

    private static string FolderOf(LadderRung rung) => $"variants/{rung.Made.Recipe.Id}/";
}
