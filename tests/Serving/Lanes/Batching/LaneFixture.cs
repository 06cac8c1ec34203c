using System.Text;
using EdgeRuntime.Bundles;
using EdgeRuntime.Messaging.OpenInference;
using EdgeRuntime.Serving.Admission;
using EdgeRuntime.Serving.Configuration;
using EdgeRuntime.Serving.Lanes;
using EdgeRuntime.Serving.Logging;
using EdgeRuntime.Serving.Metrics;
using EdgeRuntime.Serving.Responses;
using EdgeRuntime.Serving.Scheduling;
using Xunit;

namespace EdgeRuntime.Serving.Tests.Lanes.Batching;

/// <summary>A lane and what serves it, stepped by the test: requests are put in, then served run by run.</summary>
internal sealed class LaneFixture : IDisposable
{
    private readonly TestModel _model;
    private readonly StringWriter _log = new();
    private readonly AdmissionBudget _budget = new(new LimitSettings { PerClient = 1000 });
    private readonly ModelServer _server;
    private readonly EventLog _events;
    private int _sent;

    public LaneFixture(byte[] model, Func<BundleWriter, Manifest, Manifest>? edit = null, int batch = 16, TimeProvider? clock = null)
    {
        _model = new TestModel(model, edit);
        _events = new EventLog(_log, LogLevel.Debug, json: false, TimeProvider.System);
        Counters = new ResponseCounters(_events);
        Lane = new ModelLane(new ModelSettings { Name = "m", BatchMost = batch }, 256, TimeProvider.System, new ComputeTurns(1, TimeProvider.System));
        var recorder = new RequestRecorder("m", Metrics.Model("m"), null, TimeProvider.System);
        _server = new ModelServer(Lane, _model.Served, new Responder(Counters), recorder, ProtocolLimits.Default, _events, clock ?? TimeProvider.System, default);
    }

    public ModelLane Lane { get; }

    /// <summary>Opens a further rung, and has the lane know of its model's ladder.</summary>
    public void Open(int rung)
    {
        if (Lane.Model is null) Assert.True(Lane.Begin() && Lane.Serve(_model.Served, null, _server));
        _model.Open(rung);
        Lane.NoteRungs(_model.Served);
    }

    public void Close(int rung)
    {
        Assert.True(_model.Served.TryClose(_model.Served.Ladder[rung]));
        Lane.NoteRungs(_model.Served);
    }

    public DeviceMetrics Metrics { get; } = new("0.1.0", TimeProvider.System);

    public ResponseCounters Counters { get; }

    public string Log => _log.ToString();

    /// <summary>As the device has a server do before it takes the place of another.</summary>
    public void Rehearse() => _server.Rehearse();

    /// <summary>Puts a request into the lane; admitted, or the test fails.</summary>
    public CollectedRequest Add(string json, string client = "me", TimeSpan? left = null, string? version = null, double? floor = null)
    {
        var request = new CollectedRequest(Encoding.UTF8.GetBytes(json), client, $"{++_sent}");
        Assert.Equal(InferenceStatus.Ok, _budget.TryEnter(client, request.PayloadLength, out var pending, out var place).Status);
        long due = request.ReceivedTimestamp + (long)((left ?? TimeSpan.FromSeconds(60)).TotalSeconds * TimeProvider.System.TimestampFrequency);
        var properties = new RequestProperties();
        if (version is not null) Assert.Null(properties.TryAdd("model-version"u8, Encoding.ASCII.GetBytes(version)));
        if (floor is { } least) Assert.Null(properties.TryAdd("min-quality"u8, Encoding.ASCII.GetBytes(least.ToString(System.Globalization.CultureInfo.InvariantCulture))));
        pending!.Begin(request, properties, place!, due, TimeProvider.System.GetTimestamp());
        Assert.True(Lane.TryAdd(pending, out _).IsAdmitted);
        return request;
    }

    /// <summary>Serves as a worker does, once.</summary>
    public void Serve()
    {
        Assert.True(Lane.TryTake(out var pending));
        _server.Serve(pending);
        pending.End();
    }

    /// <summary>Serves until nothing waits; how many runs of the worker it took.</summary>
    public int ServeAll()
    {
        int times = 0;
        for (; Lane.Waiting > 0; times++) Serve();
        return times;
    }

    /// <summary>What a request gives alone.</summary>
    public string Alone(string json)
    {
        Assert.Equal(InferenceStatus.Ok, _model.Run(json).Status);
        return _model.Outputs();
    }

    public void Dispose()
    {
        _server.Dispose();
        _model.Dispose();
    }
}
