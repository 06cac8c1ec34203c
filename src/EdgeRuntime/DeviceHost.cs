using EdgeRuntime.Device.Configuration;
using EdgeRuntime.Messaging;
using EdgeRuntime.Serving.Configuration;
using EdgeRuntime.Serving.Hosting;
using EdgeRuntime.Serving.Logging;

namespace EdgeRuntime.Device;

/// <summary>A device as a host.</summary>
internal static class DeviceHost
{
    /// <inheritdoc cref="ServingHost(ServingSettings, Func{ServingIdentity, IServingRole}, Func{MqttLinkOptions, MqttMessageHandler, IMqttLink}, EventLog, TimeProvider)"/>
    public static ServingHost Create(DeviceSettings settings, Func<MqttLinkOptions, MqttMessageHandler, IMqttLink> connect, EventLog log, TimeProvider time) =>
        new(settings.Serving, host => new DeviceRole(host, settings.Offload, settings.Sensors), connect, log, time);
}
