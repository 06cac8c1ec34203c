using EdgeRuntime.Packaging.Linting;
using EdgeRuntime.Packaging.Passes.Integers;
using Xunit;

namespace EdgeRuntime.Packaging.Tests.Linting;

/// <summary>What <see cref="KernelOrder"/> and <see cref="PairSums"/> say of ONNX Runtime's kernels, asked of the kernels themselves on a machine that has those.</summary>
public sealed class PairOrderTests
{
    private static readonly ProbedLayer[] Probed =
    [
        new("QLinearMatMul", 9, [], 36), new("QLinearMatMul", 9, [], 36, Pixels: 1), new("QLinearMatMul", 9, [], 8), new("QLinearMatMul", 35, [], 64, Pixels: 20),
        new("QGemm", 9, [], 36), new("QGemm", 9, [], 36, Pixels: 1), new("QGemm", 35, [], 64, Pixels: 20),
        new("QLinearConv", 8, [1, 1], 16), new("QLinearConv", 4, [2, 2], 16), new("QLinearConv", 4, [2, 2], 8), new("QLinearConv", 4, [2, 2], 16, Pixels: 1),
        new("QLinearConv", 3, [2, 2], 16), new("QLinearConv", 3, [3, 3], 64), new("QLinearConv", 5, [3], 16), new("QLinearConv", 6, [2, 2], 20), new("QLinearConv", 4, [2, 2, 2], 16),
        new("QLinearConv", 3, [2, 2], 16, Groups: 2), new("QLinearConv", 2, [3, 3], 32, Groups: 8), new("QLinearConv", 4, [1, 1], 8, Groups: 4),
        new("QLinearConv", 1, [3, 3], 16), new("QLinearConv", 1, [3, 3], 32, Groups: 16), new("QLinearConv", 1, [3, 3], 10, Groups: 5),
        new("QLinearConv", 1, [3, 3], 48, Groups: 48), new("QLinearConv", 1, [3, 3], 36, Groups: 36), new("QLinearConv", 1, [5], 7, Groups: 7), new("QLinearConv", 1, [5, 5], 304, Groups: 304),
    ];

    public static TheoryData<int> Layers => [.. Enumerable.Range(0, Probed.Length)];

    [Theory]
    [MemberData(nameof(Layers))]
    public void Of_EveryFormOfLayer_PairsAsTheKernelDoes(int index)
    {
        Assert.SkipWhen(WithoutVnni.Absence is not null, WithoutVnni.Absence ?? "");
        var layer = Probed[index];
        Assert.Equal(Expected(layer), PairProbe.Saturating(layer).Order());
        Assert.Empty(PairProbe.Saturating(layer, 127, 1)); // 255 * 128 fits
        Assert.Empty(PairProbe.Saturating(layer, 127, -27));
    }

    private static IEnumerable<(int First, int Second)> Expected(ProbedLayer layer)
    {
        var order = layer.IsProduct ? [.. Enumerable.Range(0, layer.Depth)] : KernelOrder.OfConvolution(layer.Weights, layer.Groups);
        return order is null ? [] : order.Chunk(2).Where(pair => pair.Length == 2).Select(pair => (pair.Min(), pair.Max())).Order();
    }
}
