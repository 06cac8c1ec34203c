namespace EdgeRuntime.Messaging;

/// <summary>
/// TLS 1.2 or later. The broker's certificate is verified against <see cref="CaFile"/> and the host name; there is no way to leave that out.
/// Files are PEM and are read again on every connect, so that renewed certificates are picked up.
/// </summary>
public sealed record MqttTls
{
    /// <summary>The authorities trusted to name the broker.</summary>
    public required string CaFile { get; init; }

    /// <summary>This client's certificate chain; needs <see cref="KeyFile"/>. Null if the broker asks for none.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>This client's private key, not encrypted; needs <see cref="CertificateFile"/>.</summary>
    public string? KeyFile { get; init; }
}
