using EdgeRuntime.Messaging.OpenInference;
using EdgeRuntime.Serving.Lanes;
using EdgeRuntime.Serving.Tracing;
using EdgeRuntime.TestKit.Memory;
using EdgeRuntime.TestKit.Time;
using Xunit;

namespace EdgeRuntime.Serving.Tests.Tracing;

public sealed class TracerTests
{
    internal static readonly TracedRequest Answered = new()
    {
        Model = "ocr",
        Version = "1.0.0",
        Variant = "int8",
        Route = "local",
        Status = InferenceStatus.Ok,
        Reason = RefusalReason.None,
        Admitted = TimeSpan.FromMilliseconds(1),
        Started = TimeSpan.FromMilliseconds(3),
        Computed = TimeSpan.FromMilliseconds(13),
        Answered = TimeSpan.FromMilliseconds(14),
    };

    private static readonly TraceParent Sender = new(0x0af7651916cd43dd, 0x8448eb211c80319c, 0xb7ad6b7169203331, 1);

    private readonly ManualTime _time = new();

    [Fact]
    public void Record_SenderSampled_JoinsItsTrace()
    {
        var sampled = Assert.Single(Recorded(ratio: 0, Sender));
        Assert.Equal((Sender.TraceHigh, Sender.TraceLow, Sender.SpanId), (sampled.Span.TraceHigh, sampled.Span.TraceLow, sampled.ParentSpan));
        Assert.NotEqual(Sender.SpanId, sampled.Span.SpanId);
        Assert.Equal(_time.GetUtcNow() - Answered.Answered, sampled.Arrived);
    }

    [Fact]
    public void Record_SenderDidNotSample_KeepsNothing() => Assert.Empty(Recorded(ratio: 1, Sender with { Flags = 0 }));

    [Fact]
    public void Record_NoSender_IsKeptByChance()
    {
        const int Requests = 4000;
        const double Ratio = 0.1;
        var tracer = new Tracer(Ratio, new Random(5), _time);
        var batch = new SampledRequest[Tracer.Room];
        for (int i = 0; i < Requests; i++) tracer.Record(null, Answered);
        int kept = tracer.Take(batch);
        double deviation = Math.Sqrt(Requests * Ratio * (1 - Ratio));
        Assert.InRange(kept, Requests * Ratio - 5 * deviation, Requests * Ratio + 5 * deviation);
        Assert.Equal(kept, batch.Take(kept).Select(one => (one.Span.TraceHigh, one.Span.TraceLow)).Distinct().Count());
        Assert.All(batch.Take(kept), one => Assert.Equal(0UL, one.ParentSpan));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    public void Record_NoSender_RatioAtItsEnds(double ratio, int kept) => Assert.Equal(kept, Recorded(ratio, null).Length);

    [Fact]
    public void Record_NoRoom_IsDroppedAndCounted()
    {
        var tracer = new Tracer(1, new Random(1), _time);
        for (int i = 0; i < Tracer.Room + 7; i++) tracer.Record(null, Answered);
        Assert.Equal(7, tracer.Dropped);
        Assert.Equal(Tracer.Room, tracer.Take(new SampledRequest[2 * Tracer.Room]));
        Assert.Equal(0, tracer.Take(new SampledRequest[1]));
    }

    [Fact]
    public void Record_Sampled_AllocatesNothing()
    {
        var tracer = new Tracer(1, new Random(1), _time);
        tracer.Record(Sender, Answered);
        Assert.Equal(0, Allocation.Least(() =>
        {
            for (int i = 0; i < 500; i++) tracer.Record(i % 2 == 0 ? Sender : null, Answered);
        }));
    }

    [Fact]
    public void Take_SmallBatches_KeepTheOrder()
    {
        var tracer = new Tracer(1, new Random(1), _time);
        var batch = new SampledRequest[3];
        for (int round = 0; round < 1000; round++)
        {
            for (int i = 0; i < 3; i++) tracer.Record(null, Answered with { Started = TimeSpan.FromTicks(i) });
            Assert.Equal(3, tracer.Take(batch));
            Assert.Equal([0, 1, 2], batch.Select(one => one.Request.Started.Ticks));
        }
    }

    private SampledRequest[] Recorded(double ratio, TraceParent? parent)
    {
        var tracer = new Tracer(ratio, new Random(1), _time);
        tracer.Record(parent, Answered);
        var batch = new SampledRequest[2];
        return batch[..tracer.Take(batch)];
    }
}
