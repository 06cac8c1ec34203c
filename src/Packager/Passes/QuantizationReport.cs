namespace EdgeRuntime.Packaging.Passes;

/// <summary>What became of a model's layers and values in a pass that stores them in fewer bits; part of the build's report, and never of a bundle.</summary>
internal sealed record QuantizationReport
{
    public required IReadOnlyList<ReportedLayer> Layers { get; init; }

    public required IReadOnlyList<FloatLayer> LeftFloat { get; init; }

    /// <summary>Of values whose range was found on samples, in the order of their names; empty where none was.</summary>
    public IReadOnlyList<CalibratedRange> Ranges { get; init; } = [];

    /// <summary>Passes one after the other: what one left float, a later one may have taken.</summary>
    public static QuantizationReport? Of(IEnumerable<QuantizationReport> reports)
    {
        var all = reports.ToList();
        if (all.Count == 0) return null;
        var layers = all.SelectMany(report => report.Layers).ToList();
        var taken = layers.Select(layer => layer.Node).ToHashSet(StringComparer.Ordinal);
        return new QuantizationReport
        {
            Layers = layers,
            LeftFloat = [.. all.SelectMany(report => report.LeftFloat).Where(layer => !taken.Contains(layer.Node)).DistinctBy(layer => layer.Node)],
            Ranges = [.. all.SelectMany(report => report.Ranges).DistinctBy(range => range.Value).OrderBy(range => range.Value, StringComparer.Ordinal)],
        };
    }
}

/// <summary>A layer in fewer bits.</summary>
/// <param name="Node">Its name in the imported model.</param>
/// <param name="Op">As it was.</param>
/// <param name="WeightBits">8, 4, or 7 where pairs of products would not fit in some of its channels; null where it has no weights.</param>
/// <param name="Narrow">How many of its channels got fewer bits than the others.</param>
internal sealed record ReportedLayer(string Node, string Op, int? WeightBits, int Narrow = 0);

/// <summary>A layer that stays float, and why.</summary>
/// <param name="Node">Its name in the imported model.</param>
/// <param name="Op">As it is.</param>
/// <param name="Reason">For people.</param>
internal sealed record FloatLayer(string Node, string Op, string Reason)
{
    public override string ToString() => $"{Op} '{Node}': {Reason}";
}

/// <summary>The range of a value, as it was seen on samples and as it was chosen.</summary>
/// <param name="Value">Its name.</param>
/// <param name="Least">Seen.</param>
/// <param name="Most">Seen.</param>
/// <param name="Low">What the lowest byte stands for.</param>
/// <param name="High">What the highest byte stands for.</param>
/// <param name="Scale">Of a step.</param>
/// <param name="Zero">The byte that stands for 0.</param>
internal sealed record CalibratedRange(string Value, double Least, double Most, double Low, double High, double Scale, int Zero);

/// <summary>A pass that stores layers in fewer bits, and tells of each what became of it. The report of a variant is that of all its passes.</summary>
internal interface IQuantizingPass : IPass
{
    /// <summary>Of the last model that it was applied to, also where nothing was done; null before the first.</summary>
    QuantizationReport? Quantization { get; }
}
