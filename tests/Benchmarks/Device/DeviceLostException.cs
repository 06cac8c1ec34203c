namespace EdgeRuntime.Benchmarks.Device;

/// <summary>A device that ended or fell silent; the message holds its log.</summary>
internal sealed class DeviceLostException(string message) : Exception(message);
