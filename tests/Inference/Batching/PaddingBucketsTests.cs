using EdgeRuntime.Bundles;
using Xunit;
using static EdgeRuntime.Inference.Tests.OpenModel;

namespace EdgeRuntime.Inference.Tests.Batching;

public sealed class PaddingBucketsTests
{
    private static readonly PaddingRule Rule = new() { Axis = 3, Buckets = [320, 160, 640], Value = -1 };

    [Theory]
    [InlineData(1, 160)]
    [InlineData(160, 160)]
    [InlineData(161, 320)]
    [InlineData(640, 640)]
    [InlineData(641, 641)]
    public void Of_TakesTheSmallestThatHolds(long size, long expected) => Assert.Equal(expected, PaddingBuckets.Of(Rule, size));

    [Fact]
    public void Place_TwoTensorsOfDifferentWidth_MakeOneBatch()
    {
        var spec = new TensorSpec { Name = "x", Type = ElementType.Float32, Shape = [-1, 2, 1, -1], Padding = Rule };
        byte[] batch = new byte[2 * 2 * 1 * 4 * 4];
        int taken = PaddingBuckets.Place(spec, Bytes(1f, 2f, 3f, 4f), [1, 2, 1, 2], 4, batch);
        taken += PaddingBuckets.Place(spec, Bytes(5f, 6f), [1, 2, 1, 1], 4, batch.AsSpan(taken));
        Assert.Equal(batch.Length, taken);
        Assert.Equal(Bytes<float>(1, 2, -1, -1, 3, 4, -1, -1, 5, -1, -1, -1, 6, -1, -1, -1), batch);
    }

    [Theory]
    [InlineData(ElementType.Int64, new byte[] { 7, 0, 0, 0, 0, 0, 0, 0 })]
    [InlineData(ElementType.Int32, new byte[] { 7, 0, 0, 0 })]
    [InlineData(ElementType.UInt16, new byte[] { 7, 0 })]
    [InlineData(ElementType.UInt8, new byte[] { 7 })]
    [InlineData(ElementType.Float16, new byte[] { 0x00, 0x47 })]
    [InlineData(ElementType.BFloat16, new byte[] { 0xE0, 0x40 })]
    [InlineData(ElementType.Float64, new byte[] { 0, 0, 0, 0, 0, 0, 0x1C, 0x40 })]
    public void Place_ValueOfAnyType_IsWrittenAsThatType(ElementType type, byte[] seven)
    {
        var spec = new TensorSpec { Name = "x", Type = type, Shape = [-1], Padding = new PaddingRule { Axis = 0, Buckets = [3], Value = 7 } };
        byte[] batch = new byte[3 * seven.Length];
        PaddingBuckets.Place(spec, new byte[seven.Length], [1], 3, batch);
        Assert.Equal(new byte[seven.Length].Concat(seven).Concat(seven), batch);
    }
}
