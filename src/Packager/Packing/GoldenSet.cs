using EdgeRuntime.Bundles;
using EdgeRuntime.Inference;
using EdgeRuntime.Packaging.Data;
using EdgeRuntime.Packaging.Evaluation;

namespace EdgeRuntime.Packaging.Packing;

/// <summary>Samples and the answers that the imported model gave to them, before any pass; immutable.</summary>
internal sealed class GoldenSet
{
    private GoldenSet(IReadOnlyList<Sample> samples, IReadOnlyList<IReadOnlyList<NamedArray>> answers) => (Samples, Answers) = (samples, answers);

    public IReadOnlyList<Sample> Samples { get; }

    /// <summary>One list of outputs for each sample.</summary>
    public IReadOnlyList<IReadOnlyList<NamedArray>> Answers { get; }

    /// <summary>The largest finite magnitude among the answers.</summary>
    public double Range => Answers.SelectMany(answer => answer).Max(Magnitudes.Largest);

    /// <exception cref="PackagerException">The model fails on a sample, or answers with NaN.</exception>
    public static GoldenSet Record(PlainModel original, IEvaluationData data, int count, CancellationToken cancel)
    {
        using var reader = data.OpenReader();
        using var context = original.CreateContext();
        var samples = Enumerable.Range(0, Math.Min(count, data.Count)).Select(reader.Read).ToList();
        var answers = new List<IReadOnlyList<NamedArray>>();
        foreach (var sample in samples)
        {
            SampleRun.On(context, original, sample, cancel);
            answers.Add(SampleRun.Outputs(context, original));
            RequireNumbers(sample, answers[^1]);
        }
        return new GoldenSet(samples, answers);
    }

    /// <summary>How near a model's answers are to the recorded ones, at worst.</summary>
    public GoldenAgreement Compare(PlainModel model, CancellationToken cancel)
    {
        using var context = model.CreateContext();
        var worst = new GoldenAgreement(1, 0);
        for (var i = 0; i < Samples.Count; i++)
        {
            SampleRun.On(context, model, Samples[i], cancel);
            worst = SampleRun.Outputs(context, model).Zip(Answers[i]).Aggregate(worst, (sofar, pair) => sofar.Worse(Agreement(pair.Second, pair.First)));
        }
        return worst;
    }

    public IReadOnlyList<GoldenVector> AddTo(BundleWriter writer)
    {
        var vectors = new List<GoldenVector>();
        for (var i = 0; i < Samples.Count; i++)
        {
            var vector = new GoldenVector { Inputs = $"golden/{i}.inputs.npz", Outputs = $"golden/{i}.outputs.npz" };
            writer.Add(vector.Inputs, Npz.Write(Samples[i].Inputs));
            writer.Add(vector.Outputs, Npz.Write(Answers[i]));
            vectors.Add(vector);
        }
        return vectors;
    }

    private static GoldenAgreement Agreement(NamedArray expected, NamedArray actual)
    {
        if (expected.Name != actual.Name || expected.Type != actual.Type || !expected.Shape.SequenceEqual(actual.Shape))
            throw new PackagerException($"output '{actual}' is not the model's own '{expected}'");
        return GoldenAgreement.Of(expected.Type, expected.Data, actual.Data);
    }

    private static void RequireNumbers(Sample sample, IReadOnlyList<NamedArray> answer)
    {
        foreach (var output in answer)
            if (Magnitudes.HoldsNotANumber(output)) throw new PackagerException($"{sample.Name}: the model's own output '{output.Name}' holds NaN");
    }
}
