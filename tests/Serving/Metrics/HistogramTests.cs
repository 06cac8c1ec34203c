using EdgeRuntime.Serving.Metrics;
using Xunit;

namespace EdgeRuntime.Serving.Tests.Metrics;

public sealed class HistogramTests
{
    // Bounds are at most 1.28 apart: an estimate between them is off by less.
    private const double Apart = 1.281;

    [Fact]
    public void Bounds_OfDurations_AreAQuarterApartFrom10MicrosecondsTo80Seconds()
    {
        var bounds = HistogramScale.Latency.Bounds.ToArray();
        Assert.Equal((TimeSpan.FromMicroseconds(10).Ticks, TimeSpan.FromSeconds(80).Ticks), (bounds[0], bounds[^1]));
        Assert.All(bounds.Skip(1).Zip(bounds), pair => Assert.InRange(pair.First / (double)pair.Second, 1.2, Apart));
    }

    [Theory]
    [InlineData(-5, 0)]
    [InlineData(0, 0)]
    [InlineData(100, 0)]
    [InlineData(101, 1)]
    [InlineData(125, 1)]
    [InlineData(long.MaxValue, 70)]
    public void Record_Value_GoesToTheFirstBucketThatHoldsIt(long ticks, int bucket)
    {
        var histogram = new Histogram(HistogramScale.Latency);
        histogram.Record(ticks);
        var counts = new long[HistogramScale.Latency.Buckets];
        histogram.AddTo(counts);
        Assert.Equal(bucket, Array.IndexOf(counts, 1));
        Assert.Equal((1, Math.Max(0, ticks)), (histogram.Count(), histogram.Sum));
    }

    [Fact]
    public async Task Record_ManyThreads_LosesNothing()
    {
        var histogram = new Histogram(HistogramScale.Latency);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (int i = 0; i < 50_000; i++) histogram.Record(i);
        }, TestContext.Current.CancellationToken)));
        Assert.Equal((200_000, 4L * 50_000 * 49_999 / 2), (histogram.Count(), histogram.Sum));
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.95)]
    [InlineData(0.99)]
    public void Quantile_KnownDistribution_IsWithinABucketOfIt(double share)
    {
        var histogram = new Histogram(HistogramScale.Latency);
        var random = new Random(7);
        var values = Enumerable.Range(0, 5000).Select(_ => (long)(20_000 * Math.Exp(random.NextDouble() * 6))).Order().ToArray();
        foreach (long value in values) histogram.Record(value);
        double exact = values[(int)(share * values.Length)], estimate = Look(new HistogramWindow(HistogramScale.Latency), histogram).Quantile(share);
        Assert.InRange(estimate, exact / Apart, exact * Apart);
    }

    [Fact]
    public void Window_SecondLook_SeesOnlyWhatCameSince()
    {
        var (histogram, window) = (new Histogram(HistogramScale.Latency), new HistogramWindow(HistogramScale.Latency));
        for (int i = 0; i < 100; i++) histogram.Record(TimeSpan.FromMilliseconds(1));
        Assert.Equal(100, Look(window, histogram).Count);
        histogram.Record(TimeSpan.FromSeconds(1));
        Assert.Equal(1, Look(window, histogram).Count);
        Assert.InRange(window.Quantile(0.5), TimeSpan.FromMilliseconds(790).Ticks, TimeSpan.FromSeconds(1).Ticks);
        Assert.Equal((0L, 0.0), (Look(window, histogram).Count, window.Quantile(0.99)));
    }

    private static HistogramWindow Look(HistogramWindow window, Histogram histogram)
    {
        histogram.AddTo(window.Open());
        window.Close();
        return window;
    }
}
