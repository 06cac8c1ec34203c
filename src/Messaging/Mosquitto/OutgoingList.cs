namespace EdgeRuntime.Messaging;

/// <summary>Publications in order, linked through themselves, so that one leaves from anywhere without a search. Guarded by the link's gate.</summary>
internal sealed class OutgoingList
{
    internal OutgoingMessage? First { get; private set; }

    private OutgoingMessage? _last;

    internal void Append(OutgoingMessage message)
    {
        (message.Previous, message.Next) = (_last, null);
        if (_last is null) First = message;
        else _last.Next = message;
        _last = message;
    }

    internal void Remove(OutgoingMessage message)
    {
        if (message.Previous is null) First = message.Next;
        else message.Previous.Next = message.Next;
        if (message.Next is null) _last = message.Previous;
        else message.Next.Previous = message.Previous;
        message.Next = message.Previous = null;
    }

    /// <summary>Puts all of another list before these; the other is empty afterwards.</summary>
    internal void Prepend(OutgoingList others)
    {
        if (others._last is null) return;
        others._last.Next = First;
        if (First is null) _last = others._last;
        else First.Previous = others._last;
        (First, others.First, others._last) = (others.First, null, null);
    }
}
