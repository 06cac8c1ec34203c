using System.Text;
using EdgeRuntime.Messaging.OpenInference;
using EdgeRuntime.Serving.Admission;
using EdgeRuntime.Serving.Lanes;
using EdgeRuntime.Serving.Responses;
using EdgeRuntime.TestKit.Models;
using Xunit;

namespace EdgeRuntime.Serving.Tests.Lanes.Batching;

public sealed class CancellationTests
{
    private const string Json = """{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[1,2]}]}""";

    [Fact]
    public void Cancel_Waiting_IsAnsweredSoAtOnceAndNeverRuns()
    {
        using var lane = new LaneFixture(TestModels.Identity());
        var kept = lane.Add(Json);
        var given = lane.Add(Json);
        var cancellation = Cancellation(lane);
        Assert.True(cancellation.Cancel("me"u8, "2"u8));
        Assert.False(cancellation.Cancel("me"u8, "2"u8));
        Assert.Equal(InferenceStatus.Cancelled, given.Status);
        Assert.True(given.IsDisposed);
        lane.ServeAll();
        Assert.Equal((InferenceStatus.Ok, 1), (kept.Status, given.Answers));
    }

    [Theory]
    [InlineData("you", "1")]
    [InlineData("me", "9")]
    [InlineData("me", "")]
    [InlineData("", "1")]
    public void Cancel_NotTheClientsOwnOrUnknown_ChangesNothing(string client, string correlation)
    {
        using var lane = new LaneFixture(TestModels.Identity());
        var request = lane.Add(Json);
        Assert.False(Cancellation(lane).Cancel(Encoding.UTF8.GetBytes(client), Encoding.UTF8.GetBytes(correlation)));
        lane.ServeAll();
        Assert.Equal(InferenceStatus.Ok, request.Status);
    }

    [Fact]
    public async Task Cancel_Running_TheRunIsEndedAndTheNextIsServed()
    {
        using var lane = new LaneFixture(TestModels.Slow(size: 256, steps: 4000));
        var zeros = $$"""{"inputs":[{"name":"x","shape":[256,256],"datatype":"FP32","data":[{{string.Join(',', Enumerable.Repeat('0', 256 * 256))}}]}]}""";
        var request = lane.Add(zeros);
        var serving = Task.Run(lane.Serve, TestContext.Current.CancellationToken);
        var cancellation = Cancellation(lane);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (lane.Lane.Waiting > 0) await Task.Delay(5, patience.Token);
        while (!serving.IsCompleted && !patience.IsCancellationRequested)
        {
            cancellation.Cancel("me"u8, "1"u8); // again until the run has begun
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
        await serving.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        Assert.Equal((InferenceStatus.Cancelled, 1), (request.Status, request.Answers));
    }

    // The server reads its clock when it takes the request, and then for what is left of its time: that is once its run is known and before it can be ended.
    [Fact]
    public void Cancel_BetweenTheRunIsKnownAndItBegins_TheRunIsEnded()
    {
        var clock = new HookedTime();
        using var lane = new LaneFixture(TestModels.Identity(), clock: clock);
        var request = lane.Add(Json);
        var cancellation = Cancellation(lane);
        bool found = false;
        clock.AtReading(2, () => found = cancellation.Cancel("me"u8, "1"u8));
        lane.Serve();
        Assert.True(found);
        Assert.Equal((InferenceStatus.Cancelled, 1), (request.Status, request.Answers));
        Assert.Equal(0, lane.Metrics.Model("m").BatchSize.Count()); // what was computed to its end would count
    }

    private static Cancellation Cancellation(LaneFixture lane) => new(new ModelLanes([lane.Lane]), new Dismissal(new Responder(lane.Counters), lane.Metrics, TimeProvider.System));
}
