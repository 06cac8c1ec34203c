using EdgeRuntime.Messaging;
using EdgeRuntime.Messaging.OpenInference;

namespace EdgeRuntime.Serving.Transport.Repeats;

/// <summary>
/// The requests of the last moments, so that one that its client or a broker sends again before its deadline is run once: while the first is under way its
/// answer is that of both, and once it is answered so the answer is given again. What was refused or failed may be tried again at once. What is kept is
/// bounded: of more than <see cref="Most"/> requests, and of more than <see cref="Ring"/> bytes of answers, the oldest are forgotten, and a request that
/// was forgotten is run again. Allocates nothing once it is made. Thread-safe.
/// </summary>
internal sealed class RecentRequests
{
    /// <summary>Requests that are known.</summary>
    public const int Most = 2048;

    /// <summary>Bytes of answers.</summary>
    public const int Ring = 256 << 10;

    /// <summary>The longest answer that is kept.</summary>
    public const int Longest = 32 << 10;

    private readonly Lock _gate = new();
    private readonly Dictionary<UInt128, int> _places = new(Most + 1);
    private readonly Entry[] _entries = new Entry[Most];
    private readonly AnswerRing _answers = new(Ring);
    private long _repeated;
    private int _next;

    /// <param name="Print">What it is told from others by.</param>
    /// <param name="Due">Its deadline, a timestamp of the clock; 0 where there is none.</param>
    /// <param name="Length">Of its answer, 0 while there is none.</param>
    /// <param name="Answer">Where that is.</param>
    private readonly record struct Entry(UInt128 Print, long Due, int Length, long Answer);

    /// <summary>Requests that came again and were not run again.</summary>
    public long Repeated => Interlocked.Read(ref _repeated);

    /// <summary>A request came.</summary>
    /// <param name="print">What it is told from others by.</param>
    /// <param name="due">Its deadline.</param>
    /// <param name="now">The time.</param>
    /// <param name="kept">Gets the answer where there is one; <see cref="Longest"/> bytes.</param>
    /// <param name="length">Of that.</param>
    public Repeat Enter(UInt128 print, long due, long now, Span<byte> kept, out int length)
    {
        length = 0;
        lock (_gate)
        {
            if (!_places.TryGetValue(print, out int place)) place = Place_NeedsLock(print);
            else if (_entries[place] is var known && now < known.Due && (known.Length == 0 || _answers.TryRead(known.Answer, known.Length, out _)))
            {
                Interlocked.Increment(ref _repeated);
                if (known.Length == 0) return Repeat.UnderWay;
                _answers.TryRead(known.Answer, length = known.Length, out var answer);
                answer.CopyTo(kept);
                return Repeat.Answered;
            }
            _entries[place] = new Entry(print, due, 0, 0);
            return Repeat.None;
        }
    }

    /// <summary>It came to nothing: it may be tried again.</summary>
    public void Leave(UInt128 print)
    {
        lock (_gate)
            if (_places.Remove(print, out int place)) _entries[place] = default;
    }

    /// <summary>It was answered.</summary>
    public void Answered(UInt128 print, PayloadFormat format, MqttUserProperties properties, ReadOnlySpan<byte> payload)
    {
        int length = KeptAnswer.LengthOf(properties, payload);
        lock (_gate)
        {
            if (!_places.TryGetValue(print, out int place)) return;
            if (length > Longest)
            {
                _places.Remove(print);
                _entries[place] = default;
                return;
            }
            KeptAnswer.Write(format, properties, payload, _answers.Take(length, out long at));
            _entries[place] = _entries[place] with { Length = length, Answer = at };
        }
    }

    // The oldest makes room.
    private int Place_NeedsLock(UInt128 print)
    {
        int place = _next;
        _next = (_next + 1) % Most;
        if (_entries[place].Due != 0) _places.Remove(_entries[place].Print);
        _places.Add(print, place);
        return place;
    }
}
