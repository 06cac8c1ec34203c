namespace EdgeRuntime.Messaging.Native;

/// <summary>
/// A list of MQTT 5 properties in native memory, behind a pointer that its owner keeps on the stack; copies of this value are the same list.
/// <see cref="Dispose"/> frees it, unless it was handed to the library.
/// </summary>
internal readonly unsafe struct PropertyList(nint* list) : IDisposable
{
    public nint Head => *list;

    public void Add(PropertyId id, byte value) => Require(LibMosquitto.mosquitto_property_add_byte(list, id, value), id);

    public void Add(PropertyId id, ushort value) => Require(LibMosquitto.mosquitto_property_add_int16(list, id, value), id);

    public void Add(PropertyId id, uint value) => Require(LibMosquitto.mosquitto_property_add_int32(list, id, value), id);

    public void AddBinary(PropertyId id, byte* value, int length) =>
        Require(LibMosquitto.mosquitto_property_add_binary(list, id, value, (ushort)length), id);

    /// <summary>Adds text that ends with a zero byte.</summary>
    public void AddText(PropertyId id, byte* text) => Require(LibMosquitto.mosquitto_property_add_string(list, id, text), id);

    /// <summary>Adds a user property whose parts end with a zero byte.</summary>
    public void AddPair(byte* name, byte* value) =>
        Require(LibMosquitto.mosquitto_property_add_string_pair(list, PropertyId.UserProperty, name, value), PropertyId.UserProperty);

    /// <summary>The library owns the properties now.</summary>
    public void HandOver() => *list = 0;

    public void Dispose() => LibMosquitto.mosquitto_property_free_all(list);

    // What is added was checked at the border, so that only memory can be missing.
    private static void Require(MosquittoError error, PropertyId id)
    {
        if (error != MosquittoError.Success) throw new InsufficientMemoryException($"libmosquitto could not take property {id}: error {(int)error}");
    }
}
