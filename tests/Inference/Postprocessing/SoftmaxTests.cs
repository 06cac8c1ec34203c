using Xunit;

namespace EdgeRuntime.Inference.Tests.Postprocessing;

public sealed class SoftmaxTests
{
    [Fact]
    public void Apply_AgainstDouble_IsWithinRounding()
    {
        var random = new Random(3);
        foreach (int count in new[] { 1, 3, 8, 17, 6625 })
        {
            float[] scores = [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() * 20 - 10)];
            float[] actual = new float[count];
            Softmax.Apply(scores, actual);
            double sum = scores.Sum(score => Math.Exp(score - scores.Max()));
            for (int i = 0; i < count; i++) Assert.Equal(Math.Exp(scores[i] - scores.Max()) / sum, actual[i], 1e-5); // sums of up to 6625 float32 terms
            Assert.Equal(actual[count / 2], Softmax.Of(scores, count / 2), 1e-6f);
        }
    }

    [Theory]
    [InlineData(new float[0], -1)]
    [InlineData(new[] { float.NaN }, 0)]
    [InlineData(new[] { 1f, float.NaN, 3f, 3f, 2f }, 2)]
    [InlineData(new[] { 9f, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, float.NaN, 10f, 1f }, 18)]
    [InlineData(new[] { float.NegativeInfinity, float.NegativeInfinity }, 0)]
    public void ArgMax_FindsFirstLargest(float[] scores, int expected) => Assert.Equal(expected, Softmax.ArgMax(scores));
}
