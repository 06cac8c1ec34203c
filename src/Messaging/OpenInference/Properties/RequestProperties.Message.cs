namespace EdgeRuntime.Messaging.OpenInference;

public partial record struct RequestProperties
{
    /// <summary>Reads all user properties of a request; the first that is wrong is the error, and those before it are kept.</summary>
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
