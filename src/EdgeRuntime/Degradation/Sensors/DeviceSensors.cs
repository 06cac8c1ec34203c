namespace EdgeRuntime.Device.Degradation.Sensors;

/// <summary>The sensors of a device, of those kinds that its configuration names. Not thread-safe.</summary>
internal sealed class DeviceSensors(SensorSettings settings, TimeProvider time) : IDisposable
{
    private readonly MemorySensor? _memory = settings.Reads(SensorKinds.Memory) ? new MemorySensor(settings.Root, time) : null;
    private readonly HeatSensor? _heat = settings.Reads(SensorKinds.Temperature) ? new HeatSensor(settings, time) : null;
    private readonly ThrottleSensor? _throttling = settings.Reads(SensorKinds.Throttling) ? new ThrottleSensor(settings.Root, time) : null;
    private readonly PowerSensor? _power = settings.Reads(SensorKinds.Power) ? new PowerSensor(settings.Root, time) : null;

    public DeviceReadings Read() => new(_memory?.Read(), _heat?.Read(), _throttling?.Read(), _power?.Read());

    public void Dispose()
    {
        _memory?.Dispose();
        _heat?.Dispose();
        _throttling?.Dispose();
        _power?.Dispose();
    }
}
