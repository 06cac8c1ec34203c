using System.Diagnostics;
using EdgeRuntime.Messaging.OpenInference;

namespace EdgeRuntime.Benchmarks.Load;

/// <summary>What came of a load, all its clients together.</summary>
internal sealed class LoadResult(IReadOnlyList<RequestLog> logs, TimeSpan duration, TimeSpan deadline)
{
    private readonly RequestRecord[] _records = [.. logs.SelectMany(log => log.Records.ToArray())];

    public int Count => _records.Length;

    public IEnumerable<RequestRecord> Records => _records;

    /// <summary>Answers OK inside the deadline, per second.</summary>
    public double Goodput => _records.Count(IsInTime) / duration.TotalSeconds;

    public double PerSecond => Ok / duration.TotalSeconds;

    public int Ok => _records.Count(record => record.IsOk);

    public int Refused => _records.Count(record => record.IsRefusal);

    /// <summary>Requests that never left a client.</summary>
    public int NeverLeft => logs.Sum(log => log.NeverLeft);

    /// <summary>Whatever was neither refused at admission nor kept at the client is taken for accepted, answered or not.</summary>
    public int Accepted => Count - Refused - NeverLeft;

    public int InTime => _records.Count(IsInTime);

    public int Unanswered => Math.Max(0, _records.Count(record => record.Answers == 0) - NeverLeft);

    public int AnsweredTwice => _records.Count(record => record.Answers > 1);

    /// <summary>From when a request ought to be sent to its answer, of those answered OK.</summary>
    public IEnumerable<double> LatencyMilliseconds => _records.Where(record => record.IsOk).Select(record => Milliseconds(record.Intended, record.Arrived));

    /// <summary>The same, to read percentiles of.</summary>
    public LatencySamples Latency => new(LatencyMilliseconds);

    /// <summary>From when a request was given to the link to its refusal.</summary>
    public IEnumerable<double> RefusalMilliseconds => _records.Where(record => record.IsRefusal).Select(record => Milliseconds(record.Sent, record.Arrived));

    /// <summary>From sending to the answer, less what the answer says that computing took.</summary>
    public LatencySamples Transport =>
        new(_records.Where(record => record.IsOk).Select(record => Milliseconds(record.Sent, record.Arrived) - record.ComputeMicroseconds / 1e3));

    /// <summary>From reception at the runtime to the run, of those answered OK.</summary>
    public LatencySamples QueueMilliseconds => new(_records.Where(record => record.IsOk).Select(record => record.QueueMicroseconds / 1e3));

    /// <summary>From when a request ought to be sent to its answer, less what it spent in the runtime, of those answered OK.</summary>
    public LatencySamples OnTheWayMilliseconds => new(_records.Where(record => record.IsOk).Select(OnTheWay));

    public LatencySamples LatencyOf(Func<RequestRecord, bool> which) =>
        new(_records.Where(record => record.IsOk && which(record)).Select(record => Milliseconds(record.Intended, record.Arrived)));

    /// <summary>How often each status and reason came, for a note.</summary>
    public string Statuses()
    {
        var counts = _records.Where(record => record.Answers > 0).CountBy(record => (record.Status, record.Reason)).OrderBy(pair => pair.Key)
            .Select(pair => $"{pair.Value} {System.Text.Encoding.UTF8.GetString(pair.Key.Status.WireName())}{(pair.Key.Reason is { } reason ? $" ({reason})" : "")}");
        if (Unanswered > 0) counts = counts.Append($"{Unanswered} unanswered");
        if (NeverLeft > 0) counts = counts.Append($"{NeverLeft} that never left the client");
        return string.Join(", ", counts);
    }

    /// <summary>Of what was accepted and not answered in time: how late the answers were, what of their time was spent outside the runtime, and when after the begin they ought to be sent.</summary>
    public IEnumerable<(double Late, double OnTheWay, double At, bool IsOk)> LateMilliseconds
    {
        get
        {
            long begin = _records.Length == 0 ? 0 : _records.Min(record => record.Intended);
            return _records.Where(record => record.Answers > 0 && !record.IsRefusal && !IsInTime(record))
                .Select(record => (Milliseconds(record.Intended, record.Arrived) - deadline.TotalMilliseconds, OnTheWay(record), Milliseconds(begin, record.Intended), record.IsOk));
        }
    }

    private bool IsInTime(RequestRecord record) => record.IsOk && Stopwatch.GetElapsedTime(record.Intended, record.Arrived) <= deadline;

    private static double OnTheWay(RequestRecord record) => Milliseconds(record.Intended, record.Arrived) - (record.QueueMicroseconds + record.ComputeMicroseconds) / 1e3;

    private static double Milliseconds(long from, long to) => Stopwatch.GetElapsedTime(from, to).TotalMilliseconds;
}
