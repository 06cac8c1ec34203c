using EdgeRuntime.Serving.Catalog;
using EdgeRuntime.TestKit.Time;
using Xunit;

namespace EdgeRuntime.Serving.Tests.Catalog;

public sealed class QuarantineBackoffTests
{
    private const double Spread = 0.2;

    [Fact]
    public void Next_ProvenAgainAndAgain_DoublesUpToFiveMinutes()
    {
        var backoff = new QuarantineBackoff(new ManualTime(), new Random(7));
        foreach (double seconds in (double[])[1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300])
            Assert.InRange(backoff.Next(isProven: true).TotalSeconds, seconds * (1 - Spread), seconds * (1 + Spread));
    }

    [Fact]
    public void Next_NeverProven_StaysAtTheFirst()
    {
        var backoff = new QuarantineBackoff(new ManualTime(), new Random(7));
        for (int i = 0; i < 10; i++) Assert.InRange(backoff.Next(isProven: false).TotalSeconds, 1 - Spread, 1 + Spread);
    }

    [Fact]
    public void Next_WellForLong_BeginsAnew()
    {
        var time = new ManualTime();
        var backoff = new QuarantineBackoff(time, new Random(7));
        for (int i = 0; i < 5; i++) backoff.Next(isProven: true);
        time.Advance(TimeSpan.FromMinutes(11));
        Assert.InRange(backoff.Next(isProven: true).TotalSeconds, 1 - Spread, 1 + Spread);
    }
}
