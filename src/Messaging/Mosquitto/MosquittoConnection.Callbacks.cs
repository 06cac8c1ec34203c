using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using EdgeRuntime.Messaging.Native;

namespace EdgeRuntime.Messaging;

// Called by the library from within Step, Flush and Leave, on the thread that called those.
internal sealed unsafe partial class MosquittoConnection
{
    private readonly List<string> _errors = [];

    private void SetCallbacks()
    {
        LibMosquitto.mosquitto_connect_v5_callback_set(_client, &OnConnect);
        LibMosquitto.mosquitto_disconnect_v5_callback_set(_client, &OnDisconnect);
        LibMosquitto.mosquitto_publish_v5_callback_set(_client, &OnPublish);
        LibMosquitto.mosquitto_message_v5_callback_set(_client, &OnMessage);
        LibMosquitto.mosquitto_subscribe_v5_callback_set(_client, &OnSubscribe);
        LibMosquitto.mosquitto_log_callback_set(_client, &OnLog);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnConnect(nint client, nint user, int reasonCode, int flags, nint properties)
    {
        var connection = OfPacket(user);
        if (reasonCode != 0) connection.End ??= ConnectionEnd.Refused(reasonCode, ReasonText(reasonCode));
        else connection.Limits = PropertyReader.ReadLimits(properties, (flags & 1) != 0);
        // Formatting a line for each packet costs more than the packet.
        LibMosquitto.mosquitto_log_callback_set(client, null);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnDisconnect(nint client, nint user, int code, nint properties)
    {
        var error = Marshal.GetLastSystemError();
        var connection = Of(user);
        connection.End ??= code >= 0x80
            ? new ConnectionEnd(null, $"broker ended the connection: {ReasonText(code)} (0x{code:X2})")
            : connection.Describe((MosquittoError)code, error);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnPublish(nint client, nint user, int id, int reasonCode, nint properties) =>
        OfPacket(user)._link.Published((ushort)id, (byte)reasonCode);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnMessage(nint client, nint user, NativeMessage* message, nint properties) =>
        OfPacket(user)._link.Received(in *message, properties);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnSubscribe(nint client, nint user, int id, int count, int* granted, nint properties)
    {
        var link = OfPacket(user)._link;
        if (count > 0) link.Subscribed((ushort)id, (byte)granted[0], ReasonText(granted[0]));
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnLog(nint client, nint user, int level, byte* text)
    {
        const int Problems = 4 | 8; // MOSQ_LOG_WARNING | MOSQ_LOG_ERR
        var errors = Of(user)._errors;
        if ((level & Problems) != 0 && errors.Count < 8) errors.Add(Marshal.PtrToStringUTF8((nint)text) ?? "");
    }

    // Keys are not encrypted; without this, OpenSSL would ask on the terminal.
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnPassword(byte* buffer, int size, int writing, nint user) => 0;

    private static MosquittoConnection OfPacket(nint user)
    {
        var connection = Of(user);
        connection._packets++;
        return connection;
    }

    private static MosquittoConnection Of(nint user) => (MosquittoConnection)GCHandle.FromIntPtr(user).Target!;
}
