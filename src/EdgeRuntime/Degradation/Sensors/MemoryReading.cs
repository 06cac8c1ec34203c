namespace EdgeRuntime.Device.Degradation.Sensors;

/// <summary>How much memory is left.</summary>
/// <param name="HeadRoom">Bytes up to the nearest limit; negative where more is used, null where none is known.</param>
/// <param name="Limit">That limit, or the machine's memory; bytes.</param>
/// <param name="IsCgroup">Whether it is a limit of a cgroup.</param>
/// <param name="Pressure">Percent of the last ten seconds in which some task waited for memory; null where the kernel does not say.</param>
/// <param name="Kills">Processes of the cgroup that were killed for want of memory, ever; null where the kernel does not say.</param>
internal readonly record struct MemoryReading(long? HeadRoom, long? Limit, bool IsCgroup, double? Pressure, long? Kills);
