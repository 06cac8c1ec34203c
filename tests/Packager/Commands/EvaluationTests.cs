using EdgeRuntime.Bundles;
using EdgeRuntime.Packaging.Tests.Support;
using Xunit;

namespace EdgeRuntime.Packaging.Tests.Commands;

/// <summary>Quality from data of known answers, through the command.</summary>
public sealed class EvaluationTests : IDisposable
{
    private const int Samples = 40, Wrong = 10;
    private readonly Workshop _workshop = new();

    public void Dispose() => _workshop.Dispose();

    [Fact]
    public void Build_TopOneOfKnownAnswers_WritesTheShareAndItsInterval()
    {
        var model = _workshop.Write("model.onnx", SmallModels.Plain());
        _workshop.Build(model, "out.bundle", "--variants", "fp32,fp16", "--evaluate", Data(model), "--metric", "top1").Expect(0);
        using var bundle = _workshop.Open();
        var quality = bundle.Manifest.Variants[0].Quality!;
        Assert.Equal(("top1", Samples, 1.0 - (double)Wrong / Samples, 1.0), (quality.Metric, quality.Samples, quality.Value, quality.Relative));
        Assert.InRange(quality.Low, 0.59, 0.61); // Wilson of 30 in 40: 0.598 to 0.858
        Assert.InRange(quality.High, 0.85, 0.87);
        Assert.Equal((PostprocessStep.TopK, true), (bundle.Manifest.Postprocessing[0].Kind, bundle.Manifest.Postprocessing[0].Softmax));
        Assert.Equal(0.99, bundle.Manifest.Thresholds!.MinRelative);
    }

    [Fact]
    public void Build_SquaredErrorWithoutAnswers_IsAgainstFp32()
    {
        var model = _workshop.Write("model.onnx", SmallModels.Plain());
        _workshop.Build(model, "out.bundle", "--variants", "fp32,fp16", "--evaluate", Inputs(model), "--metric", "mse").Expect(0);
        using var bundle = _workshop.Open();
        Assert.Equal(0, bundle.Manifest.Variants[0].Quality!.Value);
        Assert.InRange(bundle.Manifest.Variants[1].Quality!.Value, 1e-12, 1e-4);
        Assert.InRange(bundle.Manifest.Variants[1].Quality!.Relative, 0.9999, 1 - 1e-9);
    }

    [Fact]
    public void Build_AnswersOutOfRange_NamesTheSample()
    {
        var model = _workshop.Write("model.onnx", SmallModels.Plain());
        var path = Save("bad.npz", Sample(model, 1), [9]);
        var run = _workshop.Build(model, "out.bundle", "--evaluate", path, "--metric", "top1").Expect(1);
        Assert.Contains("bad.npz sample 0: the answer is class 9, the model has 4", run.Errors);
    }

    [Fact]
    public void Build_AllAnswersWrong_SaysThatTheLabelsMayBeOthers()
    {
        var model = _workshop.Write("model.onnx", SmallModels.Plain());
        var path = Save("wrong.npz", Sample(model, 2), [.. Best(model, 2).Select(best => (best + 1) % 4)]);
        var run = _workshop.Build(model, "out.bundle", "--evaluate", path, "--metric", "top1").Expect(1);
        Assert.Contains("the fp32 model gets none of 2 samples right", run.Errors);
    }

    private string Data(string model) => Save("data.npz", Sample(model, Samples), [.. Best(model, Samples).Select((best, i) => i < Wrong ? (best + 1) % 4 : best)]);

    private string Inputs(string model) => _workshop.Write("inputs.npz", Npz.Write([Sample(model, Samples)]));

    private string Save(string name, NamedArray inputs, long[] labels) =>
        _workshop.Write(name, Npz.Write([inputs, new NamedArray("labels", ElementType.Int64, [labels.Length], Bits.Of(labels))]));

    private static NamedArray Sample(string model, int count)
    {
        using var opened = Inference.PlainModel.Open(model, new Inference.ExecutionOptions { Threads = 1 });
        var data = new Packaging.Data.MadeUpData(opened.Inputs, count);
        return new NamedArray("x", ElementType.Float32, [count, 16], [.. Enumerable.Range(0, count).SelectMany(i => data.Read(i).Inputs[0].Data)]);
    }

    private static IEnumerable<long> Best(string model, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var scores = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(Bits.Answer(model, i)[0].Data).ToArray();
            yield return Array.IndexOf(scores, scores.Max());
        }
    }
}
