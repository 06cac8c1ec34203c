using System.Text;
using EdgeRuntime.Bundles;
using EdgeRuntime.Messaging;
using EdgeRuntime.Messaging.OpenInference;
using EdgeRuntime.Serving.Lanes;
using EdgeRuntime.Serving.Responses;
using EdgeRuntime.Serving.Transport.Repeats;

namespace EdgeRuntime.Serving.Transport;

/// <summary>A request that a broker brought; its answer is a publication with the request's correlation data. Pooled.</summary>
internal sealed class MqttRequest(IMqttLink link, IReplyRule replies, ResponseCounters counters, MqttRequestPool pool) : IncomingRequest
{
    private readonly MqttUserProperties _properties = new();
    private readonly byte[] _client = new byte[Identifier.MaximumLength];
    private int _clientLength;
    private bool _isLawful;
    private MqttMessage? _message;
    private RecentRequests? _recent; // null where nobody is to know how it ends
    private UInt128 _print;

    public override ReadOnlyMemory<byte> Payload => Message.Payload;
    public override int PayloadLength => Message.PayloadLength;
    public override ReadOnlySpan<byte> ContentType => Message.ContentType;
    public override ReadOnlySpan<byte> Client => _client.AsSpan(0, _clientLength);
    public override ReadOnlySpan<byte> Correlation => Message.CorrelationData;
    public override long ReceivedTimestamp => Message.ReceivedTimestamp;

    public MqttMessage Message => _message ?? throw new InvalidOperationException("a request was used after its end");

    /// <summary>How long its answer may be kept back to leave together with others.</summary>
    public TimeSpan Patience { get; set; }

    /// <summary>Takes a message over.</summary>
    /// <param name="message">Disposed with this request.</param>
    /// <param name="client">Whose topic it came on.</param>
    /// <param name="isLawful">Whether its response topic is the sender's own; an error goes where the rule says otherwise.</param>
    public void Begin(MqttMessage message, ReadOnlySpan<byte> client, bool isLawful)
    {
        client.CopyTo(_client);
        (_message, _clientLength, _isLawful, Patience) = (message, client.Length, isLawful, TimeSpan.Zero);
    }

    /// <summary>It is known from now on, until it ends: should it come again, it is not run again.</summary>
    public void Know(RecentRequests recent, UInt128 print) => (_recent, _print) = (recent, print);

    public override Outcome Send(in Answer answer)
    {
        StartProperties(answer);
        bool isSent = Publish(answer.Format, answer.Payload, answer.Tale.Left ?? Message.Expiry);
        if (isSent && answer.Outcome.Status == InferenceStatus.Ok && _recent is { } recent)
        {
            recent.Answered(_print, answer.Format, _properties, answer.Payload);
            _recent = null;
        }
        return answer.Outcome;
    }

    /// <summary>Sends the answer of the same request that came before.</summary>
    public void SendAgain(ReadOnlySpan<byte> kept)
    {
        var format = KeptAnswer.Read(kept, _properties, out var payload);
        Publish(format, payload, Message.Expiry);
    }

    public override void Dispose()
    {
        if (_message is not { } message) return;
        _recent?.Leave(_print); // it may be tried again
        _recent = null;
        _message = null;
        message.Dispose();
        pool.Return(this);
    }

    private bool Publish(PayloadFormat format, ReadOnlySpan<byte> payload, TimeSpan? left)
    {
        var request = Message;
        var outcome = link.TryPublish(new MqttPublication(_isLawful ? request.ResponseTopic : replies.ErrorTopic(Client), payload)
        {
            Qos = request.Qos,
            ContentType = format.ContentType(),
            PayloadIsUtf8 = format == PayloadFormat.Json,
            CorrelationData = request.CorrelationData,
            Expiry = Worth(left),
            UserProperties = _properties,
            Patience = Patience,
        });
        if (!outcome.IsAccepted) counters.Lost(outcome);
        return outcome.IsAccepted;
    }

    private void StartProperties(in Answer answer)
    {
        _properties.Clear();
        _properties.Add("status"u8, answer.Outcome.Status.WireName());
        if (!answer.Reason.IsEmpty) _properties.Add("reason"u8, answer.Reason);
        if (answer.Outcome.RetryAfter is { } wait) _properties.Add("retry-after-ms"u8, (long)Math.Ceiling(wait.TotalMilliseconds));
        if (answer.Tale.IsAdmitted) Add(answer.Tale);
        if (answer.Format == PayloadFormat.Binary) _properties.Add("inference-header-content-length"u8, answer.HeaderLength);
    }

    private void Add(in AnswerTale tale)
    {
        if (!tale.Variant.IsEmpty) _properties.Add("variant"u8, tale.Variant);
        _properties.Add("route"u8, tale.Route);
        if (!tale.ModelVersion.IsEmpty) _properties.Add("model-version"u8, tale.ModelVersion);
        _properties.Add("queue-us"u8, (long)tale.Queue.TotalMicroseconds);
        _properties.Add("compute-us"u8, (long)tale.Compute.TotalMicroseconds);
    }

    // An answer is worth delivering for as long as its request was; a second at least, since that is MQTT's unit.
    private static TimeSpan Worth(TimeSpan? left) => left is { } time && time > TimeSpan.FromSeconds(1) ? time : TimeSpan.FromSeconds(1);
}
