using EdgeRuntime.Bundles;
using EdgeRuntime.TestKit.Models;
using Xunit;
using static EdgeRuntime.Inference.Tests.OpenModel;

namespace EdgeRuntime.Inference.Tests.Serving;

public sealed class SelfTestTests
{
    private static readonly float[] Values = [.. Enumerable.Range(0, 16).Select(i => i / 16f)];

    [Fact]
    public void Run_AnswersAsRecorded_SaysHowNear()
    {
        var agreement = Test(Answer());
        Assert.Equal(new GoldenAgreement(1, 0), agreement);
    }

    [Fact]
    public void Run_AnswerIsOff_IsRefusedWithValueAndLimit()
    {
        float[] wrong = Answer();
        wrong[0] += 0.01f;
        var error = Assert.Throws<InferenceException>(() => Test(wrong));
        Assert.Equal(InferenceError.GoldenMismatch, error.Error);
        Assert.Matches(@"variant 'fp32' of model 'test', golden/0.in.npz: output 'y' is off by 0.01.*, over the limit of 0.001", error.Message);
    }

    [Fact]
    public void Run_RecordedIsNotANumber_IsRefused()
    {
        float[] wrong = Answer();
        wrong[0] = float.NaN;
        Assert.Equal(InferenceError.GoldenMismatch, Assert.Throws<InferenceException>(() => Test(wrong)).Error);
    }

    private static GoldenAgreement Test(float[] answer)
    {
        using var bundle = new TestBundle(
            folder => File.WriteAllBytes(Path.Combine(folder, "model.onnx"), TestModels.Mlp()),
            ("golden/0.in.npz", [new NamedArray("x", ElementType.Float32, [1, 16], Bytes(Values))]),
            ("golden/0.out.npz", [new NamedArray("y", ElementType.Float32, [1, 4], Bytes(answer))]));
        using var cache = bundle.OpenCache();
        using var variant = bundle.Open(cache, new ServingOptions { Specialise = false });
        return SelfTest.Run(bundle.Bundle, variant, cancel: TestContext.Current.CancellationToken);
    }

    private static float[] Answer()
    {
        using var bundle = new TestBundle(TestModels.Mlp());
        using var cache = bundle.OpenCache();
        using var variant = bundle.Open(cache, new ServingOptions { Specialise = false });
        using var context = variant.CreateContext();
        context.BindInput(0, Bytes(Values), [1, 16]);
        context.Run();
        return context.Output(0).As<float>().ToArray();
    }
}
