using EdgeRuntime.Serving.Catalog;
using Xunit;

namespace EdgeRuntime.Serving.Tests.Catalog;

/// <summary>The table of a model's life.</summary>
public sealed class LifeCycleTests
{
    [Fact]
    public void Next_FromTheFirstState_EveryStateIsReachedAndLeft()
    {
        var seen = new HashSet<ModelState> { ModelState.Loading };
        for (int before = 0; before != seen.Count;)
        {
            before = seen.Count;
            foreach (var (state, happened) in seen.SelectMany(state => Enum.GetValues<ModelEvent>().Select(happened => (state, happened))).ToList())
                if (LifeCycle.Next(state, happened) is { } next) seen.Add(next);
        }
        Assert.Equal(Enum.GetValues<ModelState>().Order(), seen.Order());
        Assert.All(seen, state => Assert.Contains(Enum.GetValues<ModelEvent>(), happened => LifeCycle.Next(state, happened) is { } next && next != state));
    }

    [Theory]
    [InlineData(nameof(ModelState.Ready), nameof(ModelEvent.LoadFailed), nameof(ModelState.Ready))]
    [InlineData(nameof(ModelState.Quarantined), nameof(ModelEvent.LoadFailed), nameof(ModelState.Quarantined))]
    [InlineData(nameof(ModelState.Draining), nameof(ModelEvent.Broke), nameof(ModelState.Draining))]
    [InlineData(nameof(ModelState.Draining), nameof(ModelEvent.Loaded), null)]
    [InlineData(nameof(ModelState.Unloaded), nameof(ModelEvent.Broke), null)]
    public void Next_WhatGoesWrong_LeadsWhereTheTableSays(string state, string happened, string? next) =>
        Assert.Equal(next, LifeCycle.Next(Enum.Parse<ModelState>(state), Enum.Parse<ModelEvent>(happened))?.ToString());
}
