using EdgeRuntime.Serving.Transport;
using Xunit;

namespace EdgeRuntime.Serving.Tests.Transport;

/// <summary>When refusals leave together.</summary>
public sealed class RefusalPaceTests
{
    private const long Second = 1_000_000_000;

    [Theory]
    [InlineData(1, false)]
    [InlineData(300, false)]
    [InlineData(1000, true)]
    [InlineData(100_000, true)]
    public void Next_AtARate_MayWaitWhereThereAreMany(int perSecond, bool waits)
    {
        var pace = new RefusalPace(Second);
        long now = Second;
        var patience = TimeSpan.Zero;
        for (int i = 0; i < Math.Max(10, perSecond); i++, now += Second / perSecond) patience = pace.Next(now);
        Assert.Equal(waits, patience > TimeSpan.Zero);
        Assert.InRange(patience.TotalMilliseconds, 0, 1);
        Assert.Equal(TimeSpan.Zero, pace.Next(now + Second)); // a calm second later
    }
}
