using EdgeRuntime.Packaging.Data;
using EdgeRuntime.Packaging.Evaluation;
using EdgeRuntime.Packaging.Export;
using EdgeRuntime.Packaging.Graphs;
using EdgeRuntime.Packaging.Import;
using EdgeRuntime.Packaging.Onnx;

namespace EdgeRuntime.Packaging.Calibration;

/// <summary>How many elements values of a model have on a sample: found in a run that counts them and keeps none.</summary>
internal static class ValueSizes
{
    public static IReadOnlyList<long> Of(OnnxModel model, IReadOnlyList<string> values, Sample sample, CancellationToken cancel)
    {
        var counting = model.Clone();
        var names = new NameSource(counting);
        var sizes = values.Select(value => names.Fresh(value + "/size")).ToList();
        counting.Graph.Node.AddRange(values.Zip(sizes, (value, size) => new NodeProto { OpType = "Size", Name = size, Input = { value }, Output = { size } }));
        counting.Graph.Output.Clear();
        using var opened = TemporaryModel.Exposing(counting, sizes, mapped: false);
        using var context = opened.Session.CreateContext();
        SampleRun.On(context, opened.Session, sample, cancel);
        return [.. values.Select((_, i) => context.Output(i).As<long>()[0])];
    }
}
