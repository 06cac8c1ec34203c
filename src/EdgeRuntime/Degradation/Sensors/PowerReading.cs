namespace EdgeRuntime.Device.Degradation.Sensors;

/// <summary>Where the power comes from and how much is taken.</summary>
/// <param name="BatteryPercent">The charge, the mean of several batteries; null where there is none.</param>
/// <param name="IsDischarging">Whether a battery is emptied and no mains are there.</param>
/// <param name="Watts">What the power monitors show; null where there are none.</param>
internal readonly record struct PowerReading(double? BatteryPercent, bool IsDischarging, double? Watts);
