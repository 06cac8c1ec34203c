using System.Runtime.InteropServices;

namespace EdgeRuntime.Messaging.Native;

/// <summary>Copies MQTT 5 properties out of the library's list. What it hands out is freed with the C library's <c>free</c>.</summary>
internal static unsafe class PropertyReader
{
    /// <summary>All properties of a PUBLISH, in order.</summary>
    public static void Read(nint list, MqttMessage message)
    {
        for (var property = list; property != 0; property = LibMosquitto.mosquitto_property_next(property)) ReadOne(property, message);
    }

    /// <summary>The limits of a CONNACK.</summary>
    public static MqttServerLimits ReadLimits(nint list, bool sessionPresent) => new()
    {
        MaximumPacketSize = ReadInt32(list, PropertyId.MaximumPacketSize) ?? MqttPacketSize.Maximum,
        ReceiveMaximum = ReadInt16(list, PropertyId.ReceiveMaximum) ?? ushort.MaxValue,
        MaximumQos = ReadByte(list, PropertyId.MaximumQos) is 0 ? MqttQos.AtMostOnce : MqttQos.AtLeastOnce,
        RetainAvailable = ReadByte(list, PropertyId.RetainAvailable) is not 0,
        SharedSubscriptionsAvailable = ReadByte(list, PropertyId.SharedSubscriptionsAvailable) is not 0,
        WildcardsAvailable = ReadByte(list, PropertyId.WildcardsAvailable) is not 0,
        KeepAlive = ReadInt16(list, PropertyId.ServerKeepAlive) is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
        SessionPresent = sessionPresent,
    };

    private static void ReadOne(nint property, MqttMessage message)
    {
        switch (LibMosquitto.mosquitto_property_identifier(property))
        {
            case PropertyId.PayloadFormat when ReadByte(property, PropertyId.PayloadFormat) == 1: message.SetPayloadIsUtf8(); break;
            case PropertyId.MessageExpiry when ReadInt32(property, PropertyId.MessageExpiry) is { } seconds: message.SetExpiry(seconds); break;
            case PropertyId.CorrelationData: ReadCorrelation(property, message); break;
            case PropertyId.UserProperty: ReadPair(property, message); break;
            case PropertyId.ContentType or PropertyId.ResponseTopic: ReadText(property, message); break;
        }
    }

    private static void ReadText(nint property, MqttMessage message)
    {
        var id = LibMosquitto.mosquitto_property_identifier(property);
        byte* text = null;
        if (LibMosquitto.mosquitto_property_read_string(property, id, &text, 0) == 0) return;
        if (id == PropertyId.ContentType) message.SetContentType(Text(text));
        else message.SetResponseTopic(Text(text));
        Libc.free(text);
    }

    private static void ReadCorrelation(nint property, MqttMessage message)
    {
        byte* value = null;
        ushort length = 0;
        if (LibMosquitto.mosquitto_property_read_binary(property, PropertyId.CorrelationData, &value, &length, 0) == 0) return;
        message.SetCorrelationData(new ReadOnlySpan<byte>(value, length));
        Libc.free(value);
    }

    private static void ReadPair(nint property, MqttMessage message)
    {
        byte* name = null, value = null;
        if (LibMosquitto.mosquitto_property_read_string_pair(property, PropertyId.UserProperty, &name, &value, 0) == 0) return;
        message.AddUserProperty(Text(name), Text(value));
        Libc.free(name);
        Libc.free(value);
    }

    private static ReadOnlySpan<byte> Text(byte* text) => MemoryMarshal.CreateReadOnlySpanFromNullTerminated(text);

    private static byte? ReadByte(nint list, PropertyId id)
    {
        byte value;
        return LibMosquitto.mosquitto_property_read_byte(list, id, &value, 0) == 0 ? null : value;
    }

    private static ushort? ReadInt16(nint list, PropertyId id)
    {
        ushort value;
        return LibMosquitto.mosquitto_property_read_int16(list, id, &value, 0) == 0 ? null : value;
    }

    private static uint? ReadInt32(nint list, PropertyId id)
    {
        uint value;
        return LibMosquitto.mosquitto_property_read_int32(list, id, &value, 0) == 0 ? null : value;
    }
}
