namespace EdgeRuntime.Device.Degradation.Sensors;

/// <summary>What is read.</summary>
[Flags]
internal enum SensorKinds
{
    None = 0,
    /// <summary>Limits of the cgroup, free memory of the machine, pressure.</summary>
    Memory = 1,
    /// <summary>Thermal zones.</summary>
    Temperature = 2,
    /// <summary>What the kernel says of throttling.</summary>
    Throttling = 4,
    /// <summary>Batteries, mains and power monitors.</summary>
    Power = 8,
    All = Memory | Temperature | Throttling | Power,
}
