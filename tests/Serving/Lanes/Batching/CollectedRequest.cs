using System.Text;
using EdgeRuntime.Messaging.OpenInference;
using EdgeRuntime.Serving.Lanes;
using EdgeRuntime.Serving.Responses;
using EdgeRuntime.Serving.Transport;

namespace EdgeRuntime.Serving.Tests.Lanes.Batching;

/// <summary>A request that no transport brought; it keeps its answer.</summary>
internal sealed class CollectedRequest(byte[] payload, string client = "me", string correlation = "1") : IncomingRequest
{
    private readonly byte[] _client = Encoding.UTF8.GetBytes(client), _correlation = Encoding.UTF8.GetBytes(correlation);

    public override ReadOnlyMemory<byte> Payload => IsDisposed ? throw new ObjectDisposedException(nameof(CollectedRequest)) : payload;
    public override int PayloadLength => payload.Length;
    public override ReadOnlySpan<byte> ContentType => "application/json"u8;
    public override ReadOnlySpan<byte> Client => _client;
    public override ReadOnlySpan<byte> Correlation => _correlation;
    public override long ReceivedTimestamp { get; } = TimeProvider.System.GetTimestamp();

    public InferenceStatus? Status { get; private set; }
    public string Text { get; private set; } = "";
    public string Variant { get; private set; } = "";
    public string Reason { get; private set; } = "";
    public int Answers { get; private set; }
    public bool IsDisposed { get; private set; }

    /// <summary>The outputs, as the wire carries them.</summary>
    public string Outputs => Text[Text.IndexOf("\"outputs\":", StringComparison.Ordinal)..^1];

    public override Outcome Send(in Answer answer)
    {
        (Status, Text) = (answer.Outcome.Status, Encoding.UTF8.GetString(answer.Payload));
        (Variant, Reason) = (Encoding.UTF8.GetString(answer.Tale.Variant), Encoding.UTF8.GetString(answer.Reason));
        Answers++;
        return answer.Outcome;
    }

    public override void Dispose() => IsDisposed = true;
}
