namespace EdgeRuntime.Device.Degradation.Sensors;

/// <summary>
/// One kind of sensor. It is looked for when it is first asked, and once in a while as long as there is none; from then on a reading allocates nothing.
/// One that takes long is given a rest of nine times as long, in which it says what it said last: a bus that hangs costs a tenth of a thread. Not thread-safe.
/// </summary>
internal abstract class Sensor<TReading>(TimeProvider time) : IDisposable where TReading : struct
{
    private const int SearchEvery = 60, Rest = 9;

    private TReading? _last;
    private long _rests = long.MinValue;
    private int _searchIn = -1;

    /// <summary>Null where there is nothing to be read, or nothing that makes sense.</summary>
    public TReading? Read()
    {
        long start = time.GetTimestamp();
        if (start < _rests) return _last;
        if (_searchIn < 0) SearchAgain();
        _last = Measure();
        if (_last is null) _searchIn--;
        long end = time.GetTimestamp();
        _rests = end + (Rest * (end - start));
        return _last;
    }

    public abstract void Dispose();

    /// <summary>Finds its files; those of an earlier search are given up.</summary>
    protected abstract void Search();

    protected abstract TReading? Measure();

    private void SearchAgain()
    {
        _searchIn = SearchEvery;
        Dispose();
        Search();
    }
}
