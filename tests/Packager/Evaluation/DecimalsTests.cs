using EdgeRuntime.Packaging.Evaluation;
using Xunit;

namespace EdgeRuntime.Packaging.Tests.Evaluation;

public sealed class DecimalsTests
{
    [Theory]
    [InlineData(0.99, 0.995, "0.9900", "0.9950")]
    [InlineData(0.999999, 1, "0.999999", "1.000000")]
    [InlineData(0.99999, 1, "0.99999", "1.00000")]
    [InlineData(0.994999999, 0.995, "0.994999999", "0.995000000")]
    public void Apart_NumbersThatDiffer_AreWrittenSo(double one, double other, string first, string second) => Assert.Equal((first, second), Decimals.Apart(one, other));
}
