namespace EdgeRuntime.Messaging;

/// <summary>How to reach a broker, as whom, and within which limits. Checked as a whole when a link is made.</summary>
public sealed partial record MqttLinkOptions
{
    /// <summary>The broker's name or address; with TLS, also the name that its certificate must carry.</summary>
    public string Host { get; init; } = "localhost";

    /// <summary>The broker's TCP port.</summary>
    public int Port { get; init; } = 1883;

    /// <summary>Path of the broker's Unix socket, in place of host and port, and without TLS; null for TCP.</summary>
    public string? UnixSocket { get; init; }

    /// <summary>The identity of the session, 1 to 65535 bytes of UTF-8. A second link with the same id takes the first one's place.</summary>
    public required string ClientId { get; init; }

    /// <summary>User name; null for none.</summary>
    public string? User { get; init; }

    /// <summary>Password; needs a user name.</summary>
    public string? Password { get; init; }

    /// <summary>Certificates; null for a connection without TLS. Where set, the broker's certificate and name are always verified.</summary>
    public MqttTls? Tls { get; init; }

    /// <summary>What the broker publishes when this client is lost; null for nothing.</summary>
    public MqttWill? Will { get; init; }

    /// <summary>Whether each connect, reconnects included, drops the session that the broker may hold.</summary>
    public bool CleanStart { get; init; }

    /// <summary>How long the broker keeps the session after a disconnect; whole seconds.</summary>
    public TimeSpan SessionExpiry { get; init; } = TimeSpan.Zero;

    /// <summary>A dead connection is noticed within twice this time and two seconds; 5 s to 65535 s, whole seconds.</summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long one attempt may take from TCP to CONNACK.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The wait before the first reconnect lies between half of this and this; it doubles from attempt to attempt.</summary>
    public TimeSpan BackoffMinimum { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The wait between attempts lies between half of this and this at most.</summary>
    public TimeSpan BackoffMaximum { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How many QoS 1 messages the broker may send unacknowledged.</summary>
    public int ReceiveMaximum { get; init; } = 64;

    /// <summary>How many QoS 1 messages may be unacknowledged on the way out, within what the broker allows.</summary>
    public int SendWindow { get; init; } = 32;

    /// <summary>The largest packet in bytes that the broker may send; it drops larger ones.</summary>
    public int MaximumPacketSize { get; init; } = 64 << 20;

    /// <summary>Publications that may wait or be unacknowledged.</summary>
    public int OutgoingLimitMessages { get; init; } = 1024;

    /// <summary>Their size in bytes, as packets.</summary>
    public long OutgoingLimitBytes { get; init; } = 64 << 20;

    /// <summary>The longest that a QoS 1 publication waits for a connection, beside its own expiry.</summary>
    public TimeSpan OfflineExpiry { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Whether the handler returns within microseconds and waits for nothing: then whoever reads calls it, the network thread or one that
    /// attends (<see cref="IMqttLink.Attend"/>), which saves a wake-up for each message. One that takes longer holds up the connection, its keep-alive included.
    /// </summary>
    public bool IsHandlerQuick { get; init; }

    /// <summary>Messages that may wait for the handler; beyond it, messages are dropped.</summary>
    public int InboxLimitMessages { get; init; } = 1024;

    /// <summary>Bytes that may wait for the handler; beyond it, payloads are dropped and messages arrive as <see cref="MqttMessage.Truncated"/>.</summary>
    public long InboxLimitBytes { get; init; } = 64 << 20;
}
