using System.Runtime.InteropServices;
using EdgeRuntime.Messaging.Native;

namespace EdgeRuntime.Messaging;

internal sealed unsafe partial class MosquittoConnection
{
    /// <summary>Starts the attempt: configures the client, resolves the name, which can take seconds, and begins to connect without waiting.</summary>
    internal void Open()
    {
        Require(LibMosquitto.mosquitto_int_option(_client, LibMosquitto.OptionProtocolVersion, LibMosquitto.ProtocolVersion5));
        Require(LibMosquitto.mosquitto_int_option(_client, LibMosquitto.OptionTcpNoDelay, 1));
        // The link keeps its own window, and the library must never hold back what it was given.
        Require(LibMosquitto.mosquitto_int_option(_client, LibMosquitto.OptionSendMaximum, ushort.MaxValue));
        // As if threads were ours: packets are queued, and written when we say so.
        Require(LibMosquitto.mosquitto_threaded_set(_client, 1));
        if (_options.User is not null) Require(LibMosquitto.mosquitto_username_pw_set(_client, _options.User, _options.Password));
        if (_options.Will is { } will) SetWill(will);
        if (_options.Tls is { } tls && SetTls(tls) is { } failure) End = failure;
        else Connect();
    }

    private void Connect()
    {
        var (host, port) = _options.UnixSocket is { } path ? (path, 0) : (_options.Host, _options.Port);
        var keepAlive = (int)_options.KeepAlive.TotalSeconds;
        SetConnectProperties(keepAlive);
        var error = LibMosquitto.mosquitto_connect_bind_async(_client, host, port, keepAlive, 0);
        if (error is not (MosquittoError.Success or MosquittoError.ConnectionPending)) End = Describe(error, Marshal.GetLastPInvokeError());
    }

    /// <summary>
    /// Only the blocking connect takes CONNECT's properties, and every later connect of the client sends them again. So it is called for a
    /// Unix socket that cannot exist, fails at once, and leaves the properties behind.
    /// </summary>
    private void SetConnectProperties(int keepAlive)
    {
        nint list = 0;
        using var properties = new PropertyList(&list);
        properties.Add(PropertyId.SessionExpiry, (uint)_options.SessionExpiry.TotalSeconds);
        properties.Add(PropertyId.ReceiveMaximum, (ushort)_options.ReceiveMaximum);
        properties.Add(PropertyId.MaximumPacketSize, (uint)_options.MaximumPacketSize);
        if (LibMosquitto.mosquitto_connect_bind_v5(_client, "/dev/null/none", 0, keepAlive, 0, properties.Head) == MosquittoError.Success)
            throw new IOException("/dev/null/none: is a socket");
    }

    private void SetWill(MqttWill will)
    {
        nint list = 0;
        using var properties = new PropertyList(&list);
        if (will.Delay > TimeSpan.Zero) properties.Add(PropertyId.WillDelay, (uint)will.Delay.TotalSeconds);
        if (will.Expiry is { } expiry) properties.Add(PropertyId.MessageExpiry, (uint)Math.Ceiling(expiry.TotalSeconds));
        var message = new OutgoingMessage();
        var text = System.Text.Encoding.UTF8;
        message.Fill(new MqttPublication(text.GetBytes(will.Topic), [])
        {
            ContentType = text.GetBytes(will.ContentType ?? ""),
            UserProperties = will.UserProperties,
        }, keepPayload: false);
        fixed (byte* head = message.Head, payload = will.Payload.Span)
        {
            message.AddProperties(head, properties, null);
            Require(LibMosquitto.mosquitto_will_set_v5(
                _client, will.Topic, will.Payload.Length, payload, (int)will.Qos, will.Retain ? (byte)1 : (byte)0, properties.Head));
        }
        properties.HandOver();
    }

    private ConnectionEnd? SetTls(MqttTls tls)
    {
        foreach (var file in new[] { tls.CaFile, tls.CertificateFile, tls.KeyFile })
            if (file is not null && !File.Exists(file)) return new ConnectionEnd(MqttLinkError.TlsFailed, $"certificate file '{file}' does not exist");
        if (LibMosquitto.mosquitto_tls_set(_client, tls.CaFile, null, tls.CertificateFile, tls.KeyFile, &OnPassword) != MosquittoError.Success)
            return new ConnectionEnd(MqttLinkError.TlsFailed, $"certificate files '{tls.CaFile}', '{tls.CertificateFile}', '{tls.KeyFile}' cannot be read");
        Require(LibMosquitto.mosquitto_tls_opts_set(_client, LibMosquitto.VerifyPeer, "tlsv1.2", null));
        return null;
    }

    // The options were checked as a whole when the link was made.
    private static void Require(MosquittoError error)
    {
        if (error != MosquittoError.Success) throw new InvalidOperationException($"libmosquitto refused an option: error {(int)error}");
    }
}
