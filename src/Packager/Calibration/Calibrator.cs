using EdgeRuntime.Bundles;
using EdgeRuntime.Inference;
using EdgeRuntime.Packaging.Building;
using EdgeRuntime.Packaging.Calibration.Ranges;
using EdgeRuntime.Packaging.Data;
using EdgeRuntime.Packaging.Evaluation;
using EdgeRuntime.Packaging.Export;
using EdgeRuntime.Packaging.Import;

namespace EdgeRuntime.Packaging.Calibration;

/// <summary>
/// Runs a model over samples and sees what its values are, one sample at a time: memory does not grow with their number, and samples may differ in
/// shape. Values are looked at in groups, each in a run of its own, so that no run has to keep all of them.
/// </summary>
internal sealed class Calibrator(IEvaluationData data, BuildLog log, CancellationToken cancel)
{
    private const int Group = 48;

    /// <exception cref="PackagerException">The model fails on a sample, or a value is no number.</exception>
    public IReadOnlyDictionary<string, SeenValue> Observe(OnnxModel model, IReadOnlyList<string> values, IRangeMethod method)
    {
        var seen = new Dictionary<string, SeenValue>(StringComparer.Ordinal);
        var groups = values.Chunk(Group).ToList();
        for (var i = 0; i < groups.Count; i++)
            foreach (var (value, one) in Observe(model, groups[i], method, (long)i * data.Count, (long)groups.Count * data.Count)) seen[value] = one;
        return seen;
    }

    /// <summary>What a model answers to the first samples: of each sample, its outputs of float32.</summary>
    public IReadOnlyList<float[][]> Answers(OnnxModel model, int most)
    {
        using var opened = TemporaryModel.Open(model, mapped: false);
        using var context = opened.Session.CreateContext();
        using var reader = data.OpenReader();
        var answers = new List<float[][]>();
        for (var index = 0; index < Math.Min(most, data.Count); index++)
        {
            SampleRun.On(context, opened.Session, reader.Read(index), cancel);
            answers.Add([.. Enumerable.Range(0, opened.Session.Outputs.Count).Where(i => opened.Session.Outputs[i].Type == ElementType.Float32).Select(i => context.Output(i).As<float>().ToArray())]);
        }
        return answers;
    }

    /// <summary>Shows values within a model on the first samples, one sample at a time.</summary>
    /// <param name="model">Is not changed.</param>
    /// <param name="values">Of float32.</param>
    /// <param name="most">Samples.</param>
    /// <param name="look">At a value on a sample.</param>
    public void Watch(OnnxModel model, IReadOnlyCollection<string> values, int most, ValueLook look)
    {
        var wanted = values.ToHashSet(StringComparer.Ordinal);
        using var opened = TemporaryModel.Exposing(model, values, mapped: false);
        using var context = opened.Session.CreateContext();
        using var reader = data.OpenReader();
        for (var index = 0; index < Math.Min(most, data.Count); index++)
        {
            SampleRun.On(context, opened.Session, reader.Read(index), cancel);
            for (var i = 0; i < opened.Session.Outputs.Count; i++)
                if (wanted.Contains(opened.Session.Outputs[i].Name)) look(opened.Session.Outputs[i].Name, index, context.Output(i).As<float>(), context.Output(i).Shape);
        }
    }

    /// <summary>How far long work has come.</summary>
    public void Report(string step, long done, long total) => log.Progress(step, done, total);

    private Dictionary<string, SeenValue> Observe(OnnxModel model, string[] values, IRangeMethod method, long done, long total)
    {
        var seen = values.ToDictionary(value => value, _ => new SeenValue(method), StringComparer.Ordinal);
        using var opened = TemporaryModel.Exposing(model, values, mapped: false);
        using var context = opened.Session.CreateContext();
        using var reader = data.OpenReader();
        for (var index = 0; index < data.Count; index++)
        {
            var sample = reader.Read(index);
            SampleRun.On(context, opened.Session, sample, cancel);
            for (var i = 0; i < opened.Session.Outputs.Count; i++)
                if (seen.TryGetValue(opened.Session.Outputs[i].Name, out var one)) Add(one, context.Output(i), opened.Session.Outputs[i].Name, sample);
            log.Progress("calibrating", done + index + 1, total);
        }
        return seen;
    }

    private static void Add(SeenValue seen, OutputView output, string name, Sample sample)
    {
        if (!seen.TryAdd(output.As<float>(), output.Shape)) throw new PackagerException($"{sample.Name}: value '{Identifier.Quote(name)}' of the model holds NaN or infinity, which has no range");
    }
}
