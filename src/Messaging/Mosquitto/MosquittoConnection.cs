using System.Runtime.InteropServices;
using EdgeRuntime.Messaging.Native;

namespace EdgeRuntime.Messaging;

/// <summary>
/// One connection in libmosquitto, from its attempt to its end; the next attempt makes a new one, so that certificates are read again and
/// nothing of the last connection is left. <see cref="Open"/> may take long and is called without the link's gate; all other members, and the
/// callbacks that they make, run under it: libmosquitto is driven by one thread at a time and starts none.
/// </summary>
internal sealed unsafe partial class MosquittoConnection : IDisposable
{
    private const int PacketsAtOnce = 16; // what was read is handled before more is

    private readonly MqttLinkOptions _options;
    private readonly MosquittoLink _link;
    private GCHandle _self;
    private nint _client;
    private bool _socketReady;
    private int _packets;

    internal MosquittoConnection(MqttLinkOptions options, MosquittoLink link)
    {
        (_options, _link) = (options, link);
        _self = GCHandle.Alloc(this);
        _client = LibMosquitto.mosquitto_new(options.ClientId, options.CleanStart ? (byte)1 : (byte)0, GCHandle.ToIntPtr(_self));
        if (_client == 0) throw new InsufficientMemoryException("libmosquitto could not make a client");
        SetCallbacks();
    }

    /// <summary>What the broker announced; null before CONNACK.</summary>
    internal MqttServerLimits? Limits { get; private set; }

    /// <summary>Why the connection ended; null while it stands or is being made.</summary>
    internal ConnectionEnd? End { get; private set; }

    internal int Socket => LibMosquitto.mosquitto_socket(_client);

    /// <summary>What to wait for on the socket. An attempt waits for TCP first: the library itself would miss that where TLS follows.</summary>
    /// <param name="holds">Whether what there is to write waits for its time.</param>
    /// <param name="reads">Whether what arrives is to be read at once.</param>
    internal short Wanted(bool holds, bool reads = true)
    {
        short wanted = reads ? (short)(Libc.PollIn | Libc.PollPeerClosed) : Libc.PollPeerClosed;
        return !_socketReady || (!holds && WantsWrite) ? (short)(wanted | Libc.PollOut) : wanted;
    }

    internal bool WantsWrite => LibMosquitto.mosquitto_want_write(_client) != 0;

    /// <summary>Reads and writes what the socket is ready for, without waiting.</summary>
    internal void Step(short happened)
    {
        _ = Receive(happened);
        Send();
        const short Gone = Libc.PollError | Libc.PollHangUp | Libc.PollPeerClosed;
        if (End is null && Limits is null && (happened & Gone) != 0) FailHandshake();
    }

    /// <summary>Reads what there is, without waiting; acknowledgements stay behind for <see cref="Send"/>.</summary>
    /// <returns>Whether there may be more, which <c>poll</c> need not know: TLS keeps what it has decrypted to itself.</returns>
    internal bool Receive(short happened)
    {
        if ((happened & Libc.PollOut) != 0) _socketReady = true;
        return (happened != 0 || Limits is not null) && Read() && End is null;
    }

    /// <summary>Writes what waits to be sent, as far as the socket takes it.</summary>
    internal void Send()
    {
        if (End is null && _socketReady && WantsWrite) Flush();
    }

    // The library takes one packet a call and does not say whether there was one: its callbacks do.
    private bool Read()
    {
        for (var i = 0; i < PacketsAtOnce; i++)
        {
            var before = _packets;
            Check(LibMosquitto.mosquitto_loop_read(_client, 1));
            if (End is not null || _packets == before) return false;
            if (_link.IsInboxFilling) break;
        }
        return true;
    }

    /// <summary>Has the kernel send what is written from now on as few packets, or what it has kept of that. Of no effect on other sockets than TCP's.</summary>
    internal void Cork(bool isClosed)
    {
        int on = isClosed ? 1 : 0;
        if (End is null) _ = Libc.setsockopt(Socket, Libc.ProtocolTcp, Libc.TcpCork, &on, sizeof(int));
    }

    /// <summary>Writes what is queued, as far as the socket takes it.</summary>
    internal void Flush() => Check(LibMosquitto.mosquitto_loop_write(_client, 1));

    /// <summary>Pings the broker when it is time, and notices that it is gone.</summary>
    internal void KeepAlive() => Check(LibMosquitto.mosquitto_loop_misc(_client));

    internal MosquittoError Publish(OutgoingMessage message, ReadOnlySpan<byte> payload, uint? expirySeconds, out ushort id)
    {
        int given;
        nint list = 0;
        using var properties = new PropertyList(&list);
        fixed (byte* head = message.Head, body = payload)
        {
            message.AddProperties(head, properties, expirySeconds);
            var error = LibMosquitto.mosquitto_publish_v5(
                _client, &given, head, payload.Length, body, (int)message.Qos, message.Retain ? (byte)1 : (byte)0, properties.Head);
            id = (ushort)given;
            return error;
        }
    }

    internal ushort Subscribe(string filter, MqttQos qos, MqttSubscribeOptions options)
    {
        int id = 0;
        _ = LibMosquitto.mosquitto_subscribe_v5(_client, &id, filter, (int)qos, (int)options, 0);
        return (ushort)id;
    }

    internal void Unsubscribe(string filter)
    {
        int id;
        _ = LibMosquitto.mosquitto_unsubscribe_v5(_client, &id, filter, 0);
    }

    /// <summary>
    /// Takes leave. The library closes the socket as soon as DISCONNECT is written, and closing with unread bytes resets the connection, which
    /// can cost the broker the DISCONNECT: what has arrived is read first.
    /// </summary>
    internal void Leave(WakeUp wake)
    {
        for (var i = 0; i < 1000 && End is null && (wake.Wait(Socket, Libc.PollIn, TimeSpan.Zero) & Libc.PollIn) != 0; i++)
            Check(LibMosquitto.mosquitto_loop_read(_client, 1));
        if (End is not null) return;
        _ = LibMosquitto.mosquitto_disconnect_v5(_client, 0, 0);
        Flush();
    }

    /// <summary>Ends the connection for a reason of the link's; the socket closes with <see cref="Dispose"/>.</summary>
    internal void Abandon(string reason) => End ??= new ConnectionEnd(null, reason);

    /// <summary>Closes the socket without leave, if it is still open, and frees the client.</summary>
    public void Dispose()
    {
        if (_client == 0) return;
        LibMosquitto.mosquitto_destroy(_client);
        _client = 0;
        _self.Free();
    }

    private void Check(MosquittoError error)
    {
        if (error != MosquittoError.Success) End ??= Describe(error, Marshal.GetLastPInvokeError());
    }
}
