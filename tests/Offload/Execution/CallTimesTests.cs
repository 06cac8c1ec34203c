using EdgeRuntime.Offload.Execution;
using Xunit;

namespace EdgeRuntime.Offload.Tests.Execution;

public sealed class CallTimesTests
{
    [Fact]
    public void Learn_FirstWasCold_IsForgotten()
    {
        var times = new CallTimes();
        times.Learn(3, 0);
        times.Learn(0.010, 1);
        Assert.Equal(0.010, times.Mean);
    }

    [Fact]
    public void Learn_Steady_MeanIsThatAndDeviationVanishes()
    {
        var times = new CallTimes();
        for (int call = 0; call < 100; call++) times.Learn(0.020, call);
        Assert.Equal(0.020, times.Mean, 1e-9);
        Assert.InRange(times.Within(4), 0.020, 0.0201);
    }

    [Fact]
    public void Late_BeforeAndAfterMeasuring_IsASecondThenWhatIsUnusual()
    {
        var times = new CallTimes();
        Assert.Equal(1, times.Late);
        times.Learn(0.3, 0);
        Assert.Equal(1, times.Late);
        for (int call = 0; call < 100; call++) times.Learn(0.020, call);
        Assert.InRange(times.Late, 0.080, 0.081);
        for (int call = 0; call < 100; call++) times.Learn(5, call);
        Assert.True(times.Late > 7.5);
    }

    [Fact]
    public void LearnStillGoing_LongerThanUsual_RaisesTheMeanAndNothingElseDoes()
    {
        var times = new CallTimes();
        times.LearnStillGoing(5, 0);
        Assert.False(times.IsKnown);
        for (int call = 0; call < 10; call++) times.Learn(0.020, call);
        times.LearnStillGoing(0.010, 11);
        Assert.Equal(0.020, times.Mean, 1e-9);
        times.LearnStillGoing(1, 12);
        Assert.True(times.Mean > 0.1);
    }
}
