namespace EdgeRuntime.Messaging;

/// <summary>Why a link cannot be made or connected.</summary>
public enum MqttLinkError
{
    /// <summary>The options contradict each other or are out of range.</summary>
    InvalidOptions,

    /// <summary>The client library is missing or failed.</summary>
    LibraryUnavailable,

    /// <summary>Certificates: ours, the broker's, or the handshake between them.</summary>
    TlsFailed,

    /// <summary>The broker refused user, password, certificate name or client id.</summary>
    NotAuthorized,

    /// <summary>The broker refused the connection for another reason that trying again does not mend.</summary>
    Refused,

    /// <summary>The link was stopped.</summary>
    Stopped,
}

/// <summary>A link that cannot be made or connected; the message names the broker and the reason.</summary>
public sealed class MqttLinkException(MqttLinkError error, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What kind of failure it is.</summary>
    public MqttLinkError Error { get; } = error;
}
