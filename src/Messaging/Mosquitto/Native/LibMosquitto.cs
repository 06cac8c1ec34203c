using System.Runtime.InteropServices;

namespace EdgeRuntime.Messaging.Native;

/// <summary>The functions of libmosquitto 2.0 that the link calls. A C <c>bool</c> is a byte here.</summary>
internal static unsafe partial class LibMosquitto
{
    internal const int OptionProtocolVersion = 1, OptionReceiveMaximum = 4, OptionSendMaximum = 5, OptionTcpNoDelay = 11;
    internal const int ProtocolVersion5 = 5, VerifyPeer = 1;

    private const string Library = "libmosquitto.so.1";

    [LibraryImport(Library)]
    internal static partial int mosquitto_lib_init();

    [LibraryImport(Library)]
    internal static partial byte* mosquitto_strerror(int error);

    [LibraryImport(Library)]
    internal static partial byte* mosquitto_reason_string(int reasonCode);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint mosquitto_new(string id, byte cleanStart, nint user);

    [LibraryImport(Library)]
    internal static partial void mosquitto_destroy(nint client);

    [LibraryImport(Library)]
    internal static partial MosquittoError mosquitto_int_option(nint client, int option, int value);

    [LibraryImport(Library)]
    internal static partial MosquittoError mosquitto_threaded_set(nint client, byte threaded);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial MosquittoError mosquitto_username_pw_set(nint client, string? user, string? password);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial MosquittoError mosquitto_tls_set(nint client, string caFile, string? caPath, string? certificate, string? key,
        delegate* unmanaged[Cdecl]<byte*, int, int, nint, int> password);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial MosquittoError mosquitto_tls_opts_set(nint client, int verify, string version, string? ciphers);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial MosquittoError mosquitto_will_set_v5(nint client, string topic, int length, byte* payload, int qos, byte retain, nint properties);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial MosquittoError mosquitto_connect_bind_v5(nint client, string host, int port, int keepAlive, nint bindAddress, nint properties);

    [LibraryImport(Library, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial MosquittoError mosquitto_connect_bind_async(nint client, string host, int port, int keepAlive, nint bindAddress);

    [LibraryImport(Library)]
    internal static partial MosquittoError mosquitto_disconnect_v5(nint client, int reasonCode, nint properties);

    [LibraryImport(Library)]
    internal static partial int mosquitto_socket(nint client);

    [LibraryImport(Library)]
    internal static partial byte mosquitto_want_write(nint client);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial MosquittoError mosquitto_loop_read(nint client, int packets);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial MosquittoError mosquitto_loop_write(nint client, int packets);

    [LibraryImport(Library)]
    internal static partial MosquittoError mosquitto_loop_misc(nint client);

    [LibraryImport(Library)]
    internal static partial MosquittoError mosquitto_publish_v5(
        nint client, int* id, byte* topic, int length, byte* payload, int qos, byte retain, nint properties);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial MosquittoError mosquitto_subscribe_v5(nint client, int* id, string filter, int qos, int options, nint properties);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial MosquittoError mosquitto_unsubscribe_v5(nint client, int* id, string filter, nint properties);

    [LibraryImport(Library)]
    internal static partial MosquittoError mosquitto_sub_topic_check2(byte* filter, nuint length);
}
