using EdgeRuntime.Serving.Scheduling;
using Xunit;

namespace EdgeRuntime.Serving.Tests.Scheduling;

/// <summary>The clock of these counts milliseconds.</summary>
public sealed class LaneForecastTests
{
    [Fact]
    public void Completion_NothingKnown_LetsAFewInToLearnFrom()
    {
        var forecast = new LaneForecast(1000);
        Assert.Equal(7, forecast.Completion(7, ahead: 0));
        Assert.Equal(7, forecast.Completion(7, ahead: 3));
        Assert.True(forecast.Completion(7, ahead: 40) > 1000);
    }

    [Fact]
    public void Completion_RunsAhead_AddUpBehindWhatIsLeftOfTheRunUnderWay()
    {
        var forecast = Learned(100);
        Assert.InRange(forecast.Completion(0, 0), 100, 110);
        Assert.InRange(forecast.Completion(0, 2), 300, 330);
        forecast.Started(0, 1);
        Assert.InRange(forecast.Completion(60, 0), 60 + 140, 60 + 155);
    }

    [Fact]
    public void Completion_TheRunUnderWayIsOverdue_IsNotTakenForEnded()
    {
        var forecast = Learned(100);
        forecast.Started(0, 1);
        Assert.True(forecast.Completion(1000, 0) > 1000 + 105);
    }

    [Fact]
    public void Completion_Batches_TakeARunForEach()
    {
        var forecast = Learned(100, rows: 4, requests: 4, limit: 4);
        Assert.InRange(forecast.Completion(0, 3), 100, 110);
        Assert.InRange(forecast.Completion(0, 4), 200, 220);
    }

    [Fact]
    public void Completion_RequestsOfMoreRowsThanABatchMayHave_TakeARunEach()
    {
        var forecast = Learned(100, rows: 128, requests: 1, limit: 1);
        Assert.InRange(forecast.Completion(0, 0), 100, 110);
        Assert.InRange(forecast.Completion(0, 2), 300, 330);
    }

    [Fact]
    public void Completion_BatchesStayHalfEmpty_IsLearned()
    {
        var forecast = Learned(100, rows: 4, requests: 4, limit: 8);
        for (int i = 0; i < 60; i++)
        {
            forecast.Started(-100, 4);
            forecast.Ended(new CompletedRun(0, 4, 4, Candidates: 8));
        }
        Assert.InRange(forecast.Completion(0, 15), 400, 440);
    }

    [Fact]
    public void Completion_TurnsAreWaitedFor_EachRunWaitsForOne()
    {
        var forecast = Learned(100);
        for (int i = 0; i < 60; i++) forecast.Waited(50);
        Assert.InRange(forecast.Completion(0, 1), 300, 335);
    }

    [Fact]
    public void Completion_NoRunForLong_WhatWasLearnedFades()
    {
        var forecast = Learned(1000);
        long soon = forecast.Completion(1000, 0) - 1000, later = forecast.Completion(60_000, 0) - 60_000;
        Assert.True(soon >= 1000 && later < 10, $"{soon}, {later}");
    }

    [Fact]
    public void RowsWithin_HigherPriorityIsAbout_KeepsRunsShortForLowerOnesOnly()
    {
        var forecast = Learned(100, rows: 4, requests: 4, limit: 4);
        Assert.Equal(4, forecast.RowsWithin(1000, 0, now: 0));
        forecast.Higher.Arrived(9, 200, now: 0); // runs of at most 50, where four rows take 100
        Assert.InRange(forecast.RowsWithin(1000, 0, now: 500), 1, 3);
        Assert.Equal(4, forecast.RowsWithin(1000, 9, now: 500));
        forecast.Higher.Arrived(3, 4, now: 600); // not the highest that is about
        Assert.Equal(4, forecast.RowsWithin(1000, 9, now: 600));
        Assert.Equal(4, forecast.RowsWithin(1000, 0, now: 1601));
    }

    [Fact]
    public void RowsWithin_SizesThatWereNeverRun_AreTriedWithinADeadlineNotWithinATarget()
    {
        var forecast = Learned(10, limit: 8, target: 100);
        Assert.Equal(8, forecast.RowsWithin(1000, 0, now: 0)); // eight times as long would be over half of the target
        Assert.InRange(forecast.RowsWithin(40, 0, now: 0), 2, 4); // and late here
        for (int i = 0; i < 3; i++)
        {
            forecast.Started(0, 8);
            forecast.Ended(new CompletedRun(60, 8, 8, 8));
        }
        Assert.InRange(forecast.RowsWithin(1000, 0, now: 100), 1, 7);
    }

    [Fact]
    public void Completion_OneRunStalled_IsWhatItWas()
    {
        var forecast = Learned(100);
        Run(forecast, 5000);
        Assert.InRange(forecast.CompletionOfFirst(0, 0), 100, 130);
        for (int i = 0; i < 5; i++) Run(forecast, 100);
        Run(forecast, 5000);
        Assert.InRange(forecast.CompletionOfFirst(0, 0), 100, 150);
    }

    [Fact]
    public void Completion_RunsAreManyTimesSlowerFromNowOn_IsLearnedWithinAFew()
    {
        var forecast = Learned(100);
        Run(forecast, 1000);
        Assert.InRange(forecast.Completion(0, 0), 130, 300); // of those that waited behind others, fewer at once
        for (int i = 0; i < 4; i++) Run(forecast, 1000);
        Assert.InRange(forecast.Completion(0, 0), 1000, 2500);
    }

    [Fact]
    public void Completion_EveryOtherRunStalls_IsLearned()
    {
        var forecast = Learned(100);
        for (int i = 0; i < 60; i++) Run(forecast, i % 2 == 0 ? 1000 : 100);
        Assert.InRange(forecast.CompletionOfFirst(0, 0), 400, 1000);
    }

    private static void Run(LaneForecast forecast, int duration)
    {
        forecast.Started(-duration, 1);
        forecast.Ended(new CompletedRun(0, 1, 1, 1));
    }

    private static LaneForecast Learned(int run, int rows = 1, int requests = 1, int limit = 1, long target = 0)
    {
        var forecast = new LaneForecast(1000, new BatchPolicy(1000, limit, target, first: limit));
        for (int i = 0; i < 60; i++)
        {
            forecast.Started(-run, rows);
            forecast.Ended(new CompletedRun(0, rows, requests, requests));
        }
        return forecast;
    }
}
