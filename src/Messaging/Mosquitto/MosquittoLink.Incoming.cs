using System.Runtime.InteropServices;
using EdgeRuntime.Messaging.Native;

namespace EdgeRuntime.Messaging;

// From the network thread, which copies, to the dispatch thread, which calls the handler; a quick one is called by whoever reads.
public sealed partial class MosquittoLink
{
    private readonly Inbox _inbox;
    private readonly MqttMessagePool _messages;
    private readonly TaskCompletionSource _dispatchEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Thread? _dispatchThread; // that calls the handler now
    private long _received, _dispatched, _truncated, _droppedIncoming, _handlerFailures;
    private bool _dropping;

    /// <summary>A PUBLISH; called under the gate, must not wait.</summary>
    internal unsafe void Received(in NativeMessage native, nint properties)
    {
        _received++;
        var topic = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(native.Topic);
        var room = _inbox.RoomFor((long)topic.Length + native.PayloadLength);
        Note(room, topic);
        if (room == InboxRoom.None) return;
        var message = _messages.Rent();
        message.Begin(topic, native.PayloadLength, keepPayload: room == InboxRoom.Whole);
        message.SetHeader((MqttQos)native.Qos, native.Retain != 0, _time.GetTimestamp());
        PropertyReader.Read(properties, message);
        if (room == InboxRoom.Whole) message.SetPayload(new ReadOnlySpan<byte>(native.Payload, native.PayloadLength));
        _inbox.Add(message);
    }

    private void Note(InboxRoom room, ReadOnlySpan<byte> topic)
    {
        if (room == InboxRoom.PropertiesOnly) _truncated++;
        if (room == InboxRoom.None) _droppedIncoming++;
        if (room != InboxRoom.Whole && !_dropping)
            Fault(MqttLinkFaultKind.InboxFull, room == InboxRoom.None
                ? $"inbox is over its limit of {_options.InboxLimitMessages} messages: '{Text(topic)}' dropped"
                : $"inbox is over its limit of {_options.InboxLimitBytes} bytes: payload of '{Text(topic)}' dropped");
        _dropping = room != InboxRoom.Whole;
    }

    /// <summary>Whether what was read should be handled before more is.</summary>
    internal bool IsInboxFilling => _inbox.IsFilling;

    private void HandleArrived()
    {
        _dispatchThread = Thread.CurrentThread;
        _handlesSeveral = _inbox.Count > 1;
        while (_stop != StopMode.Abandon && _inbox.TryTake() is { } message) Dispatch(message);
        (_handlesSeveral, _dispatchThread) = (false, null);
    }

    private void RunDispatch()
    {
        ShortSlice.Take();
        _dispatchThread = Thread.CurrentThread;
        while (_inbox.Take() is { } message) Dispatch(message);
        EndDispatch();
    }

    private void EndDispatch()
    {
        _inbox.Dispose();
        _dispatchEnded.TrySetResult();
    }

    private void Dispatch(MqttMessage message)
    {
        Interlocked.Increment(ref _dispatched);
        try
        {
            _handler(message);
        }
        catch (Exception failure)
        {
            Interlocked.Increment(ref _handlerFailures);
            Fault(MqttLinkFaultKind.HandlerThrew, $"message handler threw {failure.GetType().Name}", failure);
        }
    }

    private static string Text(ReadOnlySpan<byte> utf8) => System.Text.Encoding.UTF8.GetString(utf8);
}
