using System.Runtime.InteropServices;

namespace EdgeRuntime.Messaging.Native;

internal static unsafe partial class LibMosquitto
{
    [LibraryImport(Library)]
    internal static partial nint mosquitto_property_next(nint property);

    [LibraryImport(Library)]
    internal static partial PropertyId mosquitto_property_identifier(nint property);

    [LibraryImport(Library)]
    internal static partial void mosquitto_property_free_all(nint* list);

    [LibraryImport(Library)]
    internal static partial MosquittoError mosquitto_property_add_byte(nint* list, PropertyId id, byte value);

    [LibraryImport(Library)]
    internal static partial MosquittoError mosquitto_property_add_int16(nint* list, PropertyId id, ushort value);

    [LibraryImport(Library)]
    internal static partial MosquittoError mosquitto_property_add_int32(nint* list, PropertyId id, uint value);

    [LibraryImport(Library)]
    internal static partial MosquittoError mosquitto_property_add_binary(nint* list, PropertyId id, byte* value, ushort length);

    [LibraryImport(Library)]
    internal static partial MosquittoError mosquitto_property_add_string(nint* list, PropertyId id, byte* value);

    [LibraryImport(Library)]
    internal static partial MosquittoError mosquitto_property_add_string_pair(nint* list, PropertyId id, byte* name, byte* value);

    [LibraryImport(Library)]
    internal static partial nint mosquitto_property_read_byte(nint list, PropertyId id, byte* value, byte skipFirst);

    [LibraryImport(Library)]
    internal static partial nint mosquitto_property_read_int16(nint list, PropertyId id, ushort* value, byte skipFirst);

    [LibraryImport(Library)]
    internal static partial nint mosquitto_property_read_int32(nint list, PropertyId id, uint* value, byte skipFirst);

    [LibraryImport(Library)]
    internal static partial nint mosquitto_property_read_binary(nint list, PropertyId id, byte** value, ushort* length, byte skipFirst);

    [LibraryImport(Library)]
    internal static partial nint mosquitto_property_read_string(nint list, PropertyId id, byte** value, byte skipFirst);

    [LibraryImport(Library)]
    internal static partial nint mosquitto_property_read_string_pair(nint list, PropertyId id, byte** name, byte** value, byte skipFirst);
}

/// <summary>Property identifiers of MQTT 5 (2.2.2.2) that the link reads or writes.</summary>
internal enum PropertyId
{
    PayloadFormat = 1,
    MessageExpiry = 2,
    ContentType = 3,
    ResponseTopic = 8,
    CorrelationData = 9,
    SessionExpiry = 17,
    ServerKeepAlive = 19,
    WillDelay = 24,
    ReceiveMaximum = 33,
    MaximumQos = 36,
    RetainAvailable = 37,
    UserProperty = 38,
    MaximumPacketSize = 39,
    WildcardsAvailable = 40,
    SharedSubscriptionsAvailable = 42,
}
