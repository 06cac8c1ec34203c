namespace EdgeRuntime.Benchmarks.Degrade;

/// <summary>How warm a device is: it nears what its rung leads to, exponentially. Throttled above the limit, until it is four degrees cooler.</summary>
internal sealed class Temperature(Heat? heat)
{
    private const double Hysteresis = 4;

    private double _at;
    private bool _isThrottled;

    public double Celsius { get; private set; } = heat?.Ambient(0) ?? 40;

    /// <summary>How much slower everything is for it.</summary>
    public double Factor => _isThrottled ? heat!.Throttled : 1;

    /// <param name="now">Until when.</param>
    /// <param name="rung">What ran since the last time; null for nothing.</param>
    public void Pass(double now, int? rung)
    {
        if (heat is null) return;
        double towards = heat.Ambient(now) + (rung is { } running ? heat.Rise[running] : 0);
        Celsius = towards + ((Celsius - towards) * Math.Exp((_at - now) / heat.TimeConstant));
        _at = now;
        _isThrottled = Celsius > heat.Limit || (_isThrottled && Celsius > heat.Limit - Hysteresis);
    }
}
