using EdgeRuntime.Inference.Runs;

namespace EdgeRuntime.Inference.Sessions;

/// <summary>
/// The session that is in use now, and the contexts that run on it. Swapping replaces it: runs under way end on the old
/// one, the next ones start on the new one, and the old one is freed when no context holds it any more. Thread-safe.
/// </summary>
internal sealed class SessionSlot : IDisposable
{
    private readonly Lock _gate = new();
    private readonly List<RunContext> _contexts = [];
    private SharedSession? _current;

    public SessionSlot(SharedSession first) => (_current, Form) = (first, first.Form);

    /// <summary>The form of the current session, or of the last one.</summary>
    public SessionForm Form { get; private set; }

    public SharedSession Current => Volatile.Read(ref _current) ?? throw new ObjectDisposedException(nameof(SessionSlot));

    /// <summary>The current session with one more reference, the caller's.</summary>
    public SharedSession Acquire()
    {
        while (true)
        {
            var session = Current;
            if (session.TryAcquire()) return session;
        }
    }

    public void Swap(SharedSession next) => Replace(next);

    public void Add(RunContext context)
    {
        lock (_gate) _contexts.Add(context);
    }

    public void Remove(RunContext context)
    {
        lock (_gate) _contexts.Remove(context);
    }

    public void Dispose() => Replace(null);

    private void Replace(SharedSession? next)
    {
        RunContext[] contexts;
        SharedSession? old;
        lock (_gate)
        {
            old = _current;
            if (old is null && next is not null)
            {
                next.Release(); // closed while the new one was made
                return;
            }
            Volatile.Write(ref _current, next);
            if (next is not null) Form = next.Form;
            contexts = [.. _contexts];
        }
        foreach (var context in contexts) context.LetGoOf(old);
        old?.Release();
    }
}
