using Xunit;

namespace EdgeRuntime.Inference.Tests.Postprocessing;

public sealed class TopKTests
{
    [Fact]
    public void Select_AgainstSorting_IsTheSame()
    {
        const int Seed = 5;
        var random = new Random(Seed);
        for (int i = 0; i < 500; i++)
        {
            float[] scores = [.. Enumerable.Range(0, random.Next(0, 40)).Select(_ => (float)random.Next(0, 12))]; // many equal ones
            int k = random.Next(0, 8);
            long[] indices = new long[k];
            float[] values = new float[k];
            int found = TopK.Select(scores, indices, values);
            var expected = scores.Select((score, index) => (score, index)).OrderByDescending(pair => pair.score).ThenBy(pair => pair.index).Take(k).ToArray();
            Assert.True(expected.Select(pair => (long)pair.index).SequenceEqual(indices.Take(found)), $"seed {Seed} case {i}");
            Assert.Equal(expected.Select(pair => pair.score), values.Take(found));
        }
    }

    [Fact]
    public void Select_NaN_ComesLast()
    {
        long[] indices = new long[3];
        float[] values = new float[3];
        Assert.Equal(3, TopK.Select([float.NaN, 1, 2], indices, values));
        Assert.Equal([2, 1, 0], indices);
    }

    [Fact]
    public void SelectProbabilities_Logits_SumToOne()
    {
        float[] values = new float[3];
        TopK.SelectProbabilities([1, 2, 3], new long[3], values);
        Assert.Equal(1f, values.Sum(), 1e-6f); // three roundings of float32
        Assert.True(values[0] > values[1] && values[1] > values[2]);
    }
}
