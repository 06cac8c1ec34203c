using EdgeRuntime.Messaging.OpenInference;
using EdgeRuntime.Serving.Admission;
using EdgeRuntime.Serving.Configuration;
using EdgeRuntime.Serving.Lanes;
using EdgeRuntime.Serving.Logging;
using EdgeRuntime.Serving.Metrics;
using EdgeRuntime.Serving.Responses;
using EdgeRuntime.Serving.Tests.Http;
using EdgeRuntime.Serving.Tests.Lanes.Batching;
using EdgeRuntime.TestKit.Models;
using Xunit;

namespace EdgeRuntime.Serving.Tests.Lanes;

/// <summary>Whoever takes a model out of service waits until its lane is not busy: a request must show in it at every moment between being let in and its end.</summary>
public sealed class PresenceTests : IDisposable
{
    private readonly TestModel _model = new(TestModels.Identity());
    private readonly ModelLane _lane = new("m", 8);
    private readonly DecidingDesk _desk = new();
    private readonly RequestGate _gate;

    public PresenceTests()
    {
        var responder = new Responder(new ResponseCounters(new EventLog(TextWriter.Null, LogLevel.Debug, json: false, TimeProvider.System)));
        var settings = HttpTestServer.Settings(new HttpSettings(), new LimitSettings());
        var dismissal = new Dismissal(responder, new DeviceMetrics("0.1.0", TimeProvider.System), TimeProvider.System);
        _gate = new RequestGate(settings, new AdmissionBudget(settings.Limits), new ModelLanes([_lane]), dismissal, TimeProvider.System) { Desk = _desk };
        Assert.True(_lane.Serve(_model.Served, null));
    }

    public void Dispose() => _model.Dispose();

    [Fact]
    public void IsBusy_FromTheDecisionToTheEndOfTheLease()
    {
        Assert.False(_lane.IsBusy);
        _desk.WhenAsked = () => Assert.True(_lane.IsBusy && _lane.Waiting == 0);
        Assert.Equal(InferenceStatus.Ok, Admit());
        Assert.Equal(1, _desk.Asked);
        Assert.True(_lane.IsBusy);
        Assert.True(_lane.TryTake(out var taken));
        Assert.True(_lane.IsBusy && _lane is { Waiting: 0, InFlight: 1 });
        taken.End();
        Assert.False(_lane.IsBusy);
    }

    [Fact]
    public void IsBusy_ModelGoesWhileARequestIsDecidedOn_UntilItHasBeenRefused()
    {
        _lane.Close();
        _desk.WhenAsked = () =>
        {
            Assert.True(_lane.Drain("a test", returnsOnDemand: false));
            Assert.True(_lane.IsBusy);
        };
        Assert.NotEqual(InferenceStatus.Ok, Admit());
        Assert.False(_lane.IsBusy);
    }

    private InferenceStatus Admit()
    {
        var properties = new RequestProperties();
        return _gate.TryAdmit(new CollectedRequest("{}"u8.ToArray()), properties, "m"u8, TimeSpan.FromSeconds(60)).Status;
    }

    private sealed class DecidingDesk : IOffloadDesk
    {
        public Action? WhenAsked { get; set; }

        public int Asked { get; private set; }

        public RouteAdvice Advise(in RouteQuery query)
        {
            Asked++;
            WhenAsked?.Invoke();
            return new RouteAdvice(RequestRoute.Local);
        }

        public Outcome NoServer(string model) => throw new NotSupportedException();

        public ISending Prepare(PendingRequest pending, ModelLane lane, in RouteAdvice advice) => throw new NotSupportedException();

        public bool TrySend(ISending sending) => throw new NotSupportedException();

        public bool Cancel(ReadOnlySpan<byte> client, ReadOnlySpan<byte> correlation) => false;

        public Task DrainAsync(TimeSpan patience) => Task.CompletedTask;
    }
}
