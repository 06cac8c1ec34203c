using System.Buffers.Text;
using System.Text;
using EdgeRuntime.Messaging;
using EdgeRuntime.Messaging.OpenInference;

namespace EdgeRuntime.Benchmarks.Load;

/// <summary>The requests of one run of one client. One thread adds, one notes answers; it is read once both are done.</summary>
internal sealed class RequestLog(int limit)
{
    private readonly RequestRecord[] _records = new RequestRecord[limit];
    private int _count, _answered;

    /// <summary>Requests that the client's link dropped: their deadline passed before the broker took them, or there was no broker.</summary>
    public int NeverLeft { get; set; }

    public ReadOnlySpan<RequestRecord> Records => _records.AsSpan(0, _count);

    public bool IsFull => _count == _records.Length;

    /// <summary>How many have an answer.</summary>
    public int Answered => Volatile.Read(ref _answered);

    public bool IsAnswered => Answered >= _count;

    /// <summary>Notes a request; its number.</summary>
    public int Add(long intended, long sent)
    {
        _records[_count] = new RequestRecord { Intended = intended, Sent = sent };
        return _count++;
    }

    /// <summary>Notes an answer; whether it is the first to a request of this run.</summary>
    public bool Note(int number, MqttMessage message)
    {
        if ((uint)number >= (uint)_records.Length) return false;
        ref var record = ref _records[number];
        if (record.Answers++ > 0) return false;
        record.Arrived = message.ReceivedTimestamp;
        record.Status = message.TryGetUserProperty("status"u8, out ReadOnlySpan<byte> name) && InferenceStatuses.TryParse(name, out var status) ? status : InferenceStatus.Internal;
        if (record.Status != InferenceStatus.Ok && message.TryGetUserProperty("reason"u8, out ReadOnlySpan<byte> reason)) record.Reason = Encoding.UTF8.GetString(reason);
        record.WasAdmitted = message.TryGetUserProperty("queue-us"u8, out record.QueueMicroseconds);
        if (message.TryGetUserProperty("compute-us"u8, out long compute)) record.ComputeMicroseconds = compute;
        if (message.TryGetUserProperty("model-version"u8, out ReadOnlySpan<byte> version) && Utf8Parser.TryParse(version, out int major, out _)) record.Version = major;
        Interlocked.Increment(ref _answered);
        return true;
    }
}
