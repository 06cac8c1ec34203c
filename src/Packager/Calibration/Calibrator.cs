using EdgeRuntime.Bundles;
using EdgeRuntime.Inference;
using EdgeRuntime.Packaging.Building;
using EdgeRuntime.Packaging.Data;
using EdgeRuntime.Packaging.Evaluation;
using EdgeRuntime.Packaging.Export;
using EdgeRuntime.Packaging.Import;
using EdgeRuntime.Packaging.Onnx;

namespace EdgeRuntime.Packaging.Calibration;

/// <summary>
/// Runs a model over samples and sees what its values are, one sample at a time: memory does not grow with their number, and samples may differ in
/// shape. Values are looked at in groups, each in a run of its own, so that no run has to keep all of them.
/// </summary>
internal sealed class Calibrator(IEvaluationData data, BuildLog log, CancellationToken cancel)
{
    private const int Group = 48;

    /// <exception cref="PackagerException">The model fails on a sample, or a value is no number.</exception>
    public IReadOnlyDictionary<string, ValueHistogram> Observe(OnnxModel model, IReadOnlyList<string> values)
    {
        var histograms = values.ToDictionary(value => value, _ => new ValueHistogram(), StringComparer.Ordinal);
        var groups = values.Chunk(Group).ToList();
        for (var i = 0; i < groups.Count; i++) Observe(model, groups[i], histograms, i, groups.Count);
        return histograms;
    }

    private void Observe(OnnxModel model, string[] values, Dictionary<string, ValueHistogram> histograms, int group, int groups)
    {
        var folder = Directory.CreateTempSubdirectory("edge-packager-calibration-").FullName;
        try
        {
            ModelExporter.Write(Exposed(model, values), folder);
            using var session = PlainModel.Open(Path.Combine(folder, ModelExporter.ModelFile), new ExecutionOptions { Threads = 1 });
            using var context = session.CreateContext();
            using var reader = data.OpenReader();
            for (var sample = 0; sample < data.Count; sample++)
            {
                var read = reader.Read(sample);
                SampleRun.On(context, session, read, cancel);
                for (var i = 0; i < session.Outputs.Count; i++)
                    if (histograms.TryGetValue(session.Outputs[i].Name, out var histogram) && values.Contains(session.Outputs[i].Name)) Add(histogram, context.Output(i), session.Outputs[i].Name, read);
                log.Progress("calibrating", (long)group * data.Count + sample + 1, (long)groups * data.Count);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Add(ValueHistogram histogram, OutputView output, string name, Sample sample)
    {
        if (!histogram.TryAdd(output.As<float>())) throw new PackagerException($"{sample.Name}: value '{Identifier.Quote(name)}' of the model holds NaN or infinity, which has no range");
    }

    /// <summary>Graph inputs are handed through, since an input cannot be an output of its own name.</summary>
    private static OnnxModel Exposed(OnnxModel model, string[] values)
    {
        var exposed = model.Clone();
        var known = exposed.Graph.Output.Select(output => output.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var value in values.Where(known.Add)) exposed.Graph.Output.Add(new ValueInfoProto { Name = value });
        return exposed;
    }
}
