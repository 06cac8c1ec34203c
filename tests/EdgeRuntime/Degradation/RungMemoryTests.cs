using EdgeRuntime.Device.Degradation;
using Xunit;

namespace EdgeRuntime.Device.Tests.Degradation;

public sealed class RungMemoryTests
{
    [Theory]
    [InlineData(0, 1, 1)]
    [InlineData(0, 100, 1)]
    [InlineData(0, 101, 2)]
    [InlineData(1, 1, 2)]
    [InlineData(0, 10_000, 3)]
    [InlineData(3, 1, 3)]
    public void Freeing_SoMuch_IsTheBestRungThatDoesOrTheLast(int from, long bytes, int to) => Assert.Equal(to, new RungMemory(400, 300, 150, 100).Freeing(from, bytes));
}
