using EdgeRuntime.Packaging.Tests.Support;
using Xunit;

namespace EdgeRuntime.Packaging.Tests.Linting;

public sealed class PairOrderTests
{
    [Fact]
    public void Explore()
    {
        foreach (var layer in (ProbedLayer[])[
            new("QLinearMatMul", 9, [], 36, Pixels: 1),
            new("QLinearConv", 4, [2, 2], 16, 2), new("QLinearConv", 3, [2, 2], 16, 2), new("QLinearConv", 3, [3], 6, 2), new("QLinearConv", 2, [3, 3], 32, 8), new("QLinearConv", 4, [1, 1], 8, 4),
            new("QLinearConv", 1, [3, 3], 32, 16), new("QLinearConv", 1, [3, 3], 10, 5), new("QLinearConv", 1, [3, 3], 36, 36), new("QLinearConv", 4, [2, 2, 2], 16), new("QLinearConv", 1, [5], 7, 7)])
        {
            var found = PairProbe.Saturating(layer);
            var mixed = PairProbe.Saturating(layer, 127, -27).Count;
            var odd = PairProbe.Saturating(layer, 127, 1).Count;
            var over = PairProbe.Saturating(layer, 127, 127).Count;
            Console.WriteLine($"{layer}: mixed {mixed}, 127+1 {odd}: {string.Join(' ', found.Select(pair => $"{pair.First}+{pair.Second}"))}");
        }
    }
}
