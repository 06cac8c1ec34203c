namespace EdgeRuntime.Serving.Http;

/// <summary>Bytes that HTTP holds beside what is admitted: bodies that are being read, answers that are being sent. Thread-safe.</summary>
internal sealed class ByteBudget(long limit)
{
    private long _used;

    public long Used => Interlocked.Read(ref _used);

    /// <summary>Takes room for that many bytes, or nothing.</summary>
    public bool TryTake(long bytes)
    {
        if (Interlocked.Add(ref _used, bytes) <= limit) return true;
        Interlocked.Add(ref _used, -bytes);
        return false;
    }

    public void Give(long bytes) => Interlocked.Add(ref _used, -bytes);
}
