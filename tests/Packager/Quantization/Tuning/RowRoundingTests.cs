using EdgeRuntime.Packaging.Data;
using EdgeRuntime.Packaging.Passes.Integers;
using EdgeRuntime.Packaging.Quantization.Tuning;
using Xunit;

namespace EdgeRuntime.Packaging.Tests.Quantization.Tuning;

public sealed class RowRoundingTests
{
    private const int Depth = 9;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Improve_InputsThatVaryTogether_EndsWhereNoMoveIsBetter(int seed)
    {
        var random = new SplitMix((ulong)seed);
        var (covariance, weights) = (Covariance(random), Weights(random));
        var row = new RowRounding(Depth, null, PairSums.Limit);
        var (nearest, bytes) = (new sbyte[Depth], new sbyte[Depth]);
        row.Nearest(weights, 1, nearest);
        nearest.CopyTo(bytes, 0);
        var left = row.Improve(weights, 1, bytes, covariance, 0, Depth);
        Assert.Equal(Error(weights, bytes, covariance), left, 1e-6 * Error(weights, nearest, covariance));
        Assert.True(left <= (1 + 1e-6) * Error(weights, nearest, covariance)); // which may be where no move is better already
        for (var k = 0; k < Depth; k++)
            foreach (var step in (sbyte[])[-1, 1])
                Assert.True(Error(weights, [.. bytes.Select((one, at) => at == k ? (sbyte)(one + step) : one)], covariance) >= left * (1 - 1e-9));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Improve_PairsMustFit_KeepsEveryPairWithinTheLimit(int seed)
    {
        var random = new SplitMix((ulong)seed);
        int[] order = [.. Enumerable.Range(0, Depth).Select(at => at * 2 % Depth)];
        float[] weights = [.. Weights(random).Select(weight => weight * 20)];
        var row = new RowRounding(Depth, order, PairSums.Limit);
        var bytes = new sbyte[Depth];
        row.Nearest(weights, 1, bytes);
        Assert.True(PairSums.Worst([.. order.Select(at => bytes[at])]) <= PairSums.Limit);
        row.Improve(weights, 1, bytes, Covariance(random), 0, Depth);
        Assert.True(PairSums.Worst([.. order.Select(at => bytes[at])]) <= PairSums.Limit);
    }

    [Fact]
    public void Damped_NothingVaries_LeavesNoZeroBehind()
    {
        var damped = RowRounding.Damped(new double[4], 2);
        Assert.True(damped[0] > 0 && damped[3] > 0);
    }

    private static float[] Weights(SplitMix random) => [.. Enumerable.Range(0, Depth).Select(_ => (float)(20 * random.NextUnit() - 10))];

    // Of two causes, so that most of an error can be undone by another.
    private static double[] Covariance(SplitMix random)
    {
        double[][] causes = [.. Enumerable.Range(0, 2).Select(_ => Enumerable.Range(0, Depth).Select(_ => random.NextUnit()).ToArray())];
        var covariance = new double[Depth * Depth];
        for (var i = 0; i < Depth; i++)
            for (var j = 0; j < Depth; j++) covariance[i * Depth + j] = causes.Sum(cause => cause[i] * cause[j]) + (i == j ? 0.01 : 0);
        return covariance;
    }

    private static double Error(float[] weights, sbyte[] bytes, double[] covariance)
    {
        double error = 0;
        for (var i = 0; i < Depth; i++)
            for (var j = 0; j < Depth; j++) error += (weights[i] - (double)bytes[i]) * covariance[i * Depth + j] * (weights[j] - (double)bytes[j]);
        return error;
    }
}
