using EdgeRuntime.Messaging.OpenInference;
using EdgeRuntime.Serving.Lanes;
using EdgeRuntime.Serving.Tests.Lanes.Batching;
using EdgeRuntime.TestKit.Models;
using Xunit;

namespace EdgeRuntime.Serving.Tests.Lanes;

/// <summary>Two rungs of one model in a lane: which of them answers whom.</summary>
public sealed class RungTests
{
    private const string Json = """{"inputs":[{"name":"x","shape":[1,4],"datatype":"FP32","data":[1,2,3,4]}]}""";
    private const double AboveTheLower = 0.95;

    [Fact]
    public void Serve_NothingWaits_TheBestAnswersWithoutAReason()
    {
        using var lane = Two();
        var request = lane.Add(Json);
        lane.Serve();
        Assert.Equal(("fp32", ""), (request.Variant, request.Reason));
    }

    [Fact]
    public void Serve_CapMoves_HoldsForTheNextRunAndBack()
    {
        using var lane = Two();
        lane.Lane.Cap = new RungCap(1, "it is warm");
        var (low, high) = (lane.Add(Json), lane.Add(Json));
        lane.ServeAll();
        Assert.All([low, high], request => Assert.Equal(("int8", "degraded"), (request.Variant, request.Reason)));
        lane.Lane.Cap = RungCap.None;
        var after = lane.Add(Json);
        lane.ServeAll();
        Assert.Equal("fp32", after.Variant);
        Assert.Equal(["fp32", "int8"], lane.Metrics.Model("m").All.Select(series => series.Variant).Order());
    }

    [Fact]
    public void Serve_CapComesAfterAFloorWasAccepted_ThePromiseIsKeptAndTheBatchIsNotMixed()
    {
        using var lane = Two();
        for (int i = 0; i < 4; i++) lane.Add(Json);
        lane.ServeAll(); // rows are proven to be independent
        lane.Lane.Cap = new RungCap(1, "it is warm");
        lane.Add(Json);
        lane.Add(Json);
        lane.ServeAll();
        var requests = new[] { lane.Add(Json), lane.Add(Json, floor: AboveTheLower), lane.Add(Json), lane.Add(Json, floor: AboveTheLower), lane.Add(Json) };
        lane.ServeAll();
        Assert.Equal(["int8", "fp32", "int8", "fp32", "int8"], requests.Select(request => request.Variant));
        Assert.All(requests, request => Assert.Equal((InferenceStatus.Ok, 1), (request.Status, request.Answers)));
    }

    [Fact]
    public void Serve_RungClosedAfterAFloorWasAccepted_IsRefusedWithBothQualities()
    {
        using var lane = Two();
        var request = lane.Add(Json, floor: AboveTheLower);
        lane.Lane.Cap = new RungCap(1, "memory is short", FreesMemory: true);
        lane.Close(0);
        lane.ServeAll();
        Assert.Equal(InferenceStatus.Unavailable, request.Status);
        Assert.Contains("variant 'int8' of model 'm' has the quality 0.9, below the floor of 0.95, and better ones are not used at present: memory is short", request.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Serve_RungClosedAndOpenedAgain_AnswersFromTheOneThatIsOpen()
    {
        using var lane = Two();
        string best = lane.Alone(Json);
        lane.Close(0);
        var without = lane.Add(Json);
        lane.ServeAll();
        lane.Open(0);
        var again = lane.Add(Json);
        lane.ServeAll();
        Assert.Equal(("int8", "fp32"), (without.Variant, again.Variant));
        Assert.Equal(best, again.Outputs);
        Assert.NotEqual(without.Outputs, again.Outputs);
    }

    [Fact]
    public void Refusal_FloorAboveTheCap_NamesTheFloorTheQualityAndTheReason()
    {
        using var lane = Two();
        var wish = new RequestProperties();
        Assert.Null(wish.TryAdd("min-quality"u8, "0.95"u8));
        Assert.Equal(RefusalReason.None, lane.Lane.Refusal(wish).Reason);
        lane.Lane.Cap = new RungCap(1, "it is warm");
        var refused = lane.Lane.Refusal(wish);
        Assert.Equal(RefusalReason.Unfit, refused.Reason);
        Assert.Equal("variant 'int8' of model 'm' has the quality 0.9, below the floor of 0.95, and better ones are not used at present: it is warm", refused.Error);
    }

    [Fact]
    public void Cap_LowerThanTheLadder_KeepsTheLastRung()
    {
        using var lane = Two();
        lane.Lane.Cap = new RungCap(7, "it is hot");
        var request = lane.Add(Json);
        lane.ServeAll();
        Assert.Equal("int8", request.Variant);
    }

    [Fact]
    public void Ladder_RungIsWorseAndNoFaster_IsLeftOut()
    {
        using var model = new TestModel(TestModels.Mlp(4, 8), (writer, manifest) =>
        {
            var two = TestLadder.With(TestModels.Mlp(4, 16), milliseconds: 1)(writer, manifest);
            return TestLadder.With(TestModels.Mlp(4, 32), quality: 0.8, milliseconds: 2, id: "int4")(writer, two);
        });
        Assert.Equal(["fp32", "int8"], model.Served.Ladder.Select(rung => rung.Id));
        Assert.Equal(["fp32"], model.Served.Rungs.Select(rung => rung.Id));
    }

    private static LaneFixture Two()
    {
        var lane = new LaneFixture(TestModels.Mlp(4, 64, seed: 1), TestLadder.With(TestModels.Mlp(4, 8, seed: 2)));
        lane.Open(1);
        return lane;
    }
}
