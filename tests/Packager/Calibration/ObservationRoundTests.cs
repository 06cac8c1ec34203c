using EdgeRuntime.Packaging.Calibration;
using Xunit;

namespace EdgeRuntime.Packaging.Tests.Calibration;

public sealed class ObservationRoundTests
{
    private static readonly string[] Values = ["a", "b", "c", "d"];
    private static readonly long[] Elements = [10, 10, 30, 10];

    [Fact]
    public void Of_EverythingFits_IsOneRound()
    {
        var round = Assert.Single(ObservationRound.Of(Values, Elements, [7, 3, 7], mostBytes: 240));
        Assert.Equal(Values, round.Values);
        Assert.Equal([0, 1, 2], round.Samples);
    }

    [Fact]
    public void Of_LargeAndSmallSamples_SharesValuesOutForTheLargeOnly()
    {
        var rounds = ObservationRound.Of(Values, Elements, [100, 50, 51, 1], mostBytes: 160);
        Assert.Equal(["a b", "c d", "a b c d"], rounds.Select(round => string.Join(' ', round.Values)));
        Assert.Equal(["0 2", "0 2", "1 3"], rounds.Select(round => string.Join(' ', round.Samples)));
    }

    [Fact]
    public void Of_ValueOverTheLimit_HasARoundOfItsOwn() =>
        Assert.Equal(["a b", "c", "d"], ObservationRound.Of(Values, Elements, [1], mostBytes: 100).Select(round => string.Join(' ', round.Values)));
}
