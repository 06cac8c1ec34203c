namespace EdgeRuntime.Device.Offload;

/// <summary>What a server said of its load, once a second.</summary>
/// <param name="Wait">Seconds that a request waits for it.</param>
/// <param name="Service">Seconds that it computes.</param>
/// <param name="At">When it came, in the device's seconds.</param>
internal readonly record struct Beacon(double Wait, double Service, double At);
