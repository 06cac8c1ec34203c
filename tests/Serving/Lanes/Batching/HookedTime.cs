namespace EdgeRuntime.Serving.Tests.Lanes.Batching;

/// <summary>The system's clock, which does something at one of its readings: what happens there happens at a known place of whoever reads it. One thread.</summary>
internal sealed class HookedTime : TimeProvider
{
    private int _left;
    private Action _hook = static () => { };

    /// <summary>Has something done at the n-th reading from now on.</summary>
    public void AtReading(int n, Action hook) => (_left, _hook) = (n, hook);

    public override long GetTimestamp()
    {
        if (--_left == 0) _hook();
        return base.GetTimestamp();
    }
}
