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
/// shape. Values that would not fit in memory together are looked at in groups, each in runs of its own. What is seen depends on no number of threads.
/// </summary>
internal sealed class Calibrator(IEvaluationData data, BuildLog log, CancellationToken cancel)
{
    /// <exception cref="PackagerException">The model fails on a sample, or a value is no number.</exception>
    public IReadOnlyDictionary<string, SeenValue> Observe(OnnxModel model, IReadOnlyList<string> values, IRangeMethod method)
    {
        var seen = values.ToDictionary(value => value, _ => new SeenValue(method), StringComparer.Ordinal);
        if (values.Count == 0) return seen;
        var rounds = Rounds(model, values);
        var (done, total) = (0L, rounds.Sum(round => (long)round.Samples.Count));
        foreach (var round in rounds) Observe(model, round, seen, () => log.Progress("calibrating", ++done, total));
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

    private void Observe(OnnxModel model, ObservationRound round, Dictionary<string, SeenValue> seen, Action progress)
    {
        using var opened = TemporaryModel.Exposing(model, round.Values, mapped: false);
        using var context = opened.Session.CreateContext();
        using var reader = data.OpenReader();
        var looked = Enumerable.Range(0, opened.Session.Outputs.Count).Where(i => round.Values.Contains(opened.Session.Outputs[i].Name)).ToList();
        foreach (var index in round.Samples)
        {
            var sample = reader.Read(index);
            SampleRun.On(context, opened.Session, sample, cancel);
            if (FirstNotANumber(opened.Session, context, looked, seen) is { } value) throw new PackagerException($"{sample.Name}: value '{Identifier.Quote(value)}' of the model holds NaN or infinity, which has no range");
            progress();
        }
    }

    /// <summary>Adds to what was seen; each value is one thread's.</summary>
    /// <returns>The first value that cannot be added.</returns>
    private string? FirstNotANumber(PlainModel session, RunContext context, List<int> outputs, Dictionary<string, SeenValue> seen)
    {
        var added = new bool[outputs.Count];
        Parallel.For(0, added.Length, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancel }, i =>
            added[i] = seen[session.Outputs[outputs[i]].Name].TryAdd(context.Output(outputs[i]).As<float>(), context.Output(outputs[i]).Shape));
        return Array.IndexOf(added, false) is var first && first >= 0 ? session.Outputs[outputs[first]].Name : null;
    }

    private IReadOnlyList<ObservationRound> Rounds(OnnxModel model, IReadOnlyList<string> values)
    {
        using var reader = data.OpenReader();
        var sizes = new long[data.Count];
        for (var index = 0; index < sizes.Length; index++)
        {
            cancel.ThrowIfCancellationRequested();
            sizes[index] = ObservationRound.SizeOf(reader.Read(index));
        }
        var largest = reader.Read(Array.IndexOf(sizes, sizes.Max()));
        return ObservationRound.Of(values, ValueSizes.Of(model, values, largest, cancel), sizes, ObservationRound.MostBytes);
    }
}
