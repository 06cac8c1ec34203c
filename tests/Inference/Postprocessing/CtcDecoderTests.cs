using System.Text;
using EdgeRuntime.TestKit.Memory;
using Xunit;

namespace EdgeRuntime.Inference.Tests.Postprocessing;

public sealed class CtcDecoderTests
{
    private static readonly Labels Characters = Labels.Of(["a", "é", "漢"]);

    [Theory]
    [InlineData(new[] { 0, 1, 1, 0, 1, 2 }, "aaé")] // a blank between two equal ones keeps both
    [InlineData(new[] { 1, 1, 1 }, "a")]
    [InlineData(new[] { 0, 0 }, "")]
    [InlineData(new[] { 3, 4, 3 }, "漢 漢")] // the class behind the labels is the space
    [InlineData(new int[0], "")]
    public void Decode_BlankFirst_MergesRepeatsAndDropsBlanks(int[] best, string expected) =>
        Assert.Equal(expected, Decode(new CtcDecoder(Characters), best, classes: 5).Text);

    [Theory]
    [InlineData(new[] { 0, 0, 3, 0, 1 }, "aaé")]
    [InlineData(new[] { 2, 3 }, "漢")]
    public void Decode_BlankLast_LabelsComeFirst(int[] best, string expected) =>
        Assert.Equal(expected, Decode(new CtcDecoder(Characters, blank: 3), best, classes: 4).Text);

    [Fact]
    public void Decode_Probabilities_ScoreIsMeanOfKeptSteps()
    {
        var (_, result) = Decode(new CtcDecoder(Characters), [1, 1, 0, 2], classes: 5, peak: 0.75f);
        Assert.Equal(2, result.Characters);
        Assert.Equal(0.75f, result.Score);
    }

    [Fact]
    public void Decode_Logits_ScoreIsProbability()
    {
        var (_, result) = Decode(new CtcDecoder(Characters, softmax: true), [1], classes: 4, peak: 3f);
        Assert.Equal(MathF.Exp(3) / (MathF.Exp(3) + 3), result.Score, 1e-6f); // a few roundings of float32
    }

    [Fact]
    public void Decode_ClassesDoNotFitLabels_SaysBoth()
    {
        var error = Assert.Throws<InferenceException>(() => Decode(new CtcDecoder(Characters), [0], classes: 7));
        Assert.Equal("the model has 7 classes; 3 labels and the blank take 4, or 5 with a space", error.Message);
    }

    [Fact]
    public void Decode_AllocatesNothing()
    {
        var decoder = new CtcDecoder(Characters, softmax: true);
        float[] scores = new float[40 * 5];
        for (int step = 0; step < 40; step++) scores[step * 5 + step % 5] = 1;
        byte[] text = new byte[decoder.MaximumBytes(40)];
        for (int i = 0; i < 100; i++) decoder.Decode(scores, 5, text);
        Assert.Equal(0, Allocation.Least(() =>
        {
            for (int i = 0; i < 100; i++) decoder.Decode(scores, 5, text);
        }));
    }

    private static (string Text, CtcText Result) Decode(CtcDecoder decoder, int[] best, int classes, float peak = 1)
    {
        var scores = new float[best.Length * classes];
        for (int step = 0; step < best.Length; step++) scores[step * classes + best[step]] = peak;
        var text = new byte[decoder.MaximumBytes(best.Length)];
        var result = decoder.Decode(scores, classes, text);
        return (Encoding.UTF8.GetString(text, 0, result.Bytes), result);
    }
}
