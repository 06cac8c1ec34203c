namespace EdgeRuntime.Messaging;

/// <summary>Message objects without buffers, kept for reuse up to a limit. Thread safe.</summary>
internal sealed class MqttMessagePool(int limit)
{
    private readonly Lock _lock = new();
    private readonly MqttMessage[] _free = new MqttMessage[limit];
    private int _count;

    internal MqttMessage Rent()
    {
        lock (_lock)
        {
            if (_count > 0) return _free[--_count];
        }

        return new MqttMessage(this);
    }

    internal void Return(MqttMessage message)
    {
        lock (_lock)
        {
            if (_count < _free.Length) _free[_count++] = message;
        }
    }
}
