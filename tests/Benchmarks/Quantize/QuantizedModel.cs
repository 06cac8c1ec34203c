using EdgeRuntime.Packaging.Building;
using EdgeRuntime.TestKit;

namespace EdgeRuntime.Benchmarks.Quantize;

/// <summary>A model that is made smaller: where it comes from, what it is run on, what it may lose, how much faster it ought to be.</summary>
internal sealed record QuantizedModel(string Name)
{
    /// <summary>Makes or fetches it; a folder for what is made; the path of the .onnx.</summary>
    public required Func<string, string> Model { get; init; }

    /// <summary>Writes samples under a folder for a model.</summary>
    public required Func<string, string, QuantizeData> Data { get; init; }

    public required double MaxDrop { get; init; }

    /// <summary>Null where only a shipped variant's least holds.</summary>
    public double? GoalSpeedup { get; init; }

    public bool IsText { get; init; }

    public string Metric => IsText ? "ctc" : "cosine";

    /// <summary>A file of eng/models.tsv.</summary>
    public static Func<string, string> Fetched(string package, string file) => _ =>
    {
        var path = Path.Combine(RepositoryPaths.Root, "artifacts", "npm", package, file);
        return File.Exists(path) ? path : throw new FileNotFoundException($"{path} is missing: run ./edge models", path);
    };
}

/// <summary>Samples for one model.</summary>
/// <param name="Calibration">Samples to find ranges with.</param>
/// <param name="Evaluation">Others, to measure with.</param>
internal sealed record QuantizeData(string Calibration, string Evaluation)
{
    /// <summary>How a build is told of it.</summary>
    public BuildRequest ApplyTo(BuildRequest request) => request with { Calibration = Calibration, Evaluate = Evaluation };
}
