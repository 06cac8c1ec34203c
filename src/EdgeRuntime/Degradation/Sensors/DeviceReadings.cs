namespace EdgeRuntime.Device.Degradation.Sensors;

/// <summary>What all sensors say at one look; null of a kind that is not there, is not read or makes no sense.</summary>
internal readonly record struct DeviceReadings(MemoryReading? Memory, HeatReading? Heat, ThrottleReading? Throttling, PowerReading? Power);
