using EdgeRuntime.Device.Degradation.Sensors;

namespace EdgeRuntime.Device.Degradation;

/// <summary>All that the slow loop knows at one look.</summary>
/// <param name="Readings">Of the sensors.</param>
/// <param name="Ladder">What each rung needs.</param>
/// <param name="AcceleratorErrors">Runs that an accelerator failed, ever.</param>
/// <param name="Latency">Null where no model has a target, or none was asked lately.</param>
internal readonly record struct Situation(DeviceReadings Readings, RungMemory Ladder, long AcceleratorErrors, LatencyStanding? Latency);
