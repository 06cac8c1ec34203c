namespace EdgeRuntime.Device.Degradation.Sensors;

/// <summary>What the kernel says of throttling; each null where it says nothing.</summary>
/// <param name="Events">How often cores were throttled, ever.</param>
/// <param name="Cooling">How deep its cooling devices hold clocks back, all together; fans are none of them.</param>
/// <param name="Clock">The fastest core's clock, 1 = the most it can. Low where there is nothing to do: a sign of nothing by itself.</param>
internal readonly record struct ThrottleReading(long? Events, long? Cooling, double? Clock);
