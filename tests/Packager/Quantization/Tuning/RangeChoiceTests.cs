using EdgeRuntime.Packaging.Calibration;
using EdgeRuntime.Packaging.Calibration.Ranges;
using EdgeRuntime.Packaging.Quantization.Tuning;
using Xunit;

namespace EdgeRuntime.Packaging.Tests.Quantization.Tuning;

public sealed class RangeChoiceTests
{
    private static readonly string[] Order = [.. Enumerable.Range(0, 24).Select(i => $"v{i}")];

    [Fact]
    public void Of_EachStretchWantsAnother_GivesEachItsOwn()
    {
        string Wanted(string value) => Array.IndexOf(Order, value) < 12 ? "minmax" : "percentile:99.9";
        var chosen = Choose(seen => 1 + seen.Count(value => value.Value.Method.Name != Wanted(value.Key)));
        Assert.All(chosen, value => Assert.Equal(Wanted(value.Key), value.Value.Method.Name));
    }

    [Fact]
    public void Of_NothingGained_KeepsTheMethod() => Assert.All(Choose(_ => 1), value => Assert.Equal("mse", value.Value.Method.Name));

    [Fact]
    public void Of_LittleGained_KeepsTheMethod() =>
        Assert.All(Choose(seen => 1 - 0.015 * seen.Count(value => value.Value.Method.Name == "minmax") / seen.Count), value => Assert.Equal("mse", value.Value.Method.Name));

    [Fact]
    public void Of_AnswersThatAreNoNumbers_KeepsTheMethod() =>
        Assert.All(Choose(seen => seen.All(value => value.Value.Method.Name == "mse") ? 1 : double.NaN), value => Assert.Equal("mse", value.Value.Method.Name));

    [Fact]
    public void Of_OtherMethod_SharesWhatWasSeen()
    {
        var seen = new SeenValue(new SquaredErrorRange());
        Assert.True(seen.TryAdd([-1, 0, 7], [1, 1, 3]));
        Assert.Equal(new ValueRange(-1, 7), seen.By(new MinMaxRange()).Range(symmetric: false));
        Assert.Equal(3, seen.By(new MinMaxRange()).Elements);
    }

    private static IReadOnlyDictionary<string, SeenValue> Choose(Func<IReadOnlyDictionary<string, SeenValue>, double> error) =>
        new RangeChoice(error, (_, _, _) => { }).Of(Order.ToDictionary(value => value, _ => new SeenValue(new SquaredErrorRange())), Order);
}
