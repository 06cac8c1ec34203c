namespace EdgeRuntime.Messaging.OpenInference;

/// <summary>Reads the protocol's part of an MQTT message.</summary>
public static class MessageProperties
{
    /// <summary>All user properties of a request; the first that is wrong is the error, and those before it are kept.</summary>
    public static ProtocolError? Read(MqttMessage message, out RequestProperties properties)
    {
        ArgumentNullException.ThrowIfNull(message);
        properties = new RequestProperties();
        for (var i = 0; i < message.UserPropertyCount; i++)
        {
            message.UserProperty(i, out var name, out var value);
            if (properties.TryAdd(name, value) is { } error) return error;
        }
        return null;
    }
}
