using EdgeRuntime.Packaging.Calibration;
using EdgeRuntime.Packaging.Graphs;
using EdgeRuntime.Packaging.Passes;

namespace EdgeRuntime.Packaging.Quantization;

/// <summary>A plan that is in its model.</summary>
/// <param name="Plan">What is computed in bytes.</param>
/// <param name="Parameters">Of its values.</param>
/// <param name="Narrow">Channels whose weights got fewer than 8 bits, by their node; nodes without any are left out.</param>
internal sealed record WrittenPlan(BytePlan Plan, ByteParameters Parameters, IReadOnlyDictionary<string, int> Narrow)
{
    private const int Bits = 8, NarrowBits = 7;

    /// <param name="seen">What the ranges were chosen by.</param>
    public QuantizationReport Report(IReadOnlyDictionary<string, SeenValue> seen) => new()
    {
        Layers = [.. Plan.Nodes.Select(Layer)],
        LeftFloat = Plan.Left,
        Ranges = [.. seen.Where(value => Parameters.Knows(value.Key)).OrderBy(value => value.Key, StringComparer.Ordinal).Select(value => Range(value.Key, value.Value.Histogram))],
    };

    private ReportedLayer Layer(ByteNode planned)
    {
        var name = planned.Node.Label();
        if (!planned.IsLayer) return new ReportedLayer(name, planned.Node.OpType, null);
        var narrow = Narrow.GetValueOrDefault(name);
        return new ReportedLayer(name, planned.Node.OpType, narrow > 0 ? NarrowBits : Bits, narrow);
    }

    private CalibratedRange Range(string value, ValueHistogram histogram)
    {
        var bytes = Parameters[value];
        return new CalibratedRange(value, histogram.Least, histogram.Most, bytes.Low, bytes.High, bytes.Scale, bytes.Zero);
    }
}
