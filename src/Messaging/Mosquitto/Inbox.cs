using EdgeRuntime.Messaging.Native;

namespace EdgeRuntime.Messaging;

/// <summary>What the inbox can take of a message.</summary>
internal enum InboxRoom { Whole, PropertiesOnly, None }

/// <summary>
/// Messages on their way from the network thread, which never waits, to the dispatch thread, which does. Limited in messages and bytes.
/// One thread at a time adds, one takes, and disposes at the end. An eventfd wakes it some 5 us sooner than a monitor would.
/// </summary>
internal sealed class Inbox(int limitMessages, long limitBytes) : IDisposable
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly WakeUp _wake = new();
    private readonly MqttMessage[] _ring = new MqttMessage[limitMessages];
    private int _first, _count;
    private long _bytes;
    private bool _waiting, _complete;

    /// <summary>Whether there is room; only the adding thread fills the inbox, so that the answer holds until it adds.</summary>
    internal InboxRoom RoomFor(long bytes)
    {
        lock (_lock)
        {
            if (_count == limitMessages || _complete) return InboxRoom.None;
            return _bytes + bytes > limitBytes ? InboxRoom.PropertiesOnly : InboxRoom.Whole;
        }
    }

    internal void Add(MqttMessage message)
    {
        lock (_lock)
        {
            _ring[(_first + _count++) % limitMessages] = message;
            _bytes += message.HeldBytes;
            if (!_waiting) return;
            _waiting = false;
        }
        _wake.Signal();
    }

    /// <summary>Messages that wait.</summary>
    internal int Count
    {
        get { lock (_lock) return _count; }
    }

    /// <summary>Whether a good part of the room is taken.</summary>
    internal bool IsFilling
    {
        get { lock (_lock) return 2 * _count >= limitMessages || 4 * _bytes >= limitBytes; }
    }

    /// <summary>The next message, if there is one.</summary>
    internal MqttMessage? TryTake()
    {
        lock (_lock) return _count > 0 ? TakeFirst_NeedsLock() : null;
    }

    /// <summary>The next message, waiting for it; null once there will be none.</summary>
    internal MqttMessage? Take()
    {
        while (true)
        {
            lock (_lock)
            {
                if (_count > 0) return TakeFirst_NeedsLock();
                if (_complete) return null;
                _waiting = true;
            }
            _wake.Wait(LongestWait);
        }
    }

    /// <summary>Takes no more; what is there can still be taken.</summary>
    internal void Complete()
    {
        lock (_lock) _complete = true;
        _wake.Signal();
    }

    /// <summary>Takes no more, and gives back what is there.</summary>
    internal void Close()
    {
        Complete();
        lock (_lock)
            while (_count > 0) TakeFirst_NeedsLock().Dispose();
    }

    public void Dispose() => _wake.Dispose();

    private MqttMessage TakeFirst_NeedsLock()
    {
        var message = _ring[_first];
        _ring[_first] = null!;
        _first = (_first + 1) % limitMessages;
        _count--;
        _bytes -= message.HeldBytes;
        return message;
    }
}
