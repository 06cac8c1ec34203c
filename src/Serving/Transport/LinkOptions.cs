using EdgeRuntime.Messaging;
using EdgeRuntime.Serving.Configuration;

namespace EdgeRuntime.Serving.Transport;

/// <summary>The link's options that a host's settings ask for.</summary>
internal static class LinkOptions
{
    // Room for topic and properties beside a payload at its limit.
    private const int Envelope = 64 << 10;

    // Requests go on this soon after a broker came back, at the latest; one attempt costs a broker little, and jitter spreads a fleet.
    private static readonly TimeSpan LongestAbsence = TimeSpan.FromSeconds(1.5);

    /// <summary>
    /// A clean start and no session after a disconnect: requests for a device that is not there must expire at their client, not pile up for its return.
    /// </summary>
    public static MqttLinkOptions Of(ServingSettings settings, BrokerSettings broker, MqttWill will) => new()
    {
        Host = broker.Host,
        Port = broker.Port,
        UnixSocket = broker.UnixSocket,
        ClientId = settings.Name,
        User = broker.User,
        Password = broker.Password,
        Tls = broker.Tls ? new MqttTls { CaFile = broker.Ca!, CertificateFile = broker.Certificate, KeyFile = broker.Key } : null,
        Will = will,
        CleanStart = true,
        SessionExpiry = TimeSpan.Zero,
        MaximumPacketSize = (int)Math.Min(settings.Limits.PayloadBytes.Bytes + Envelope, int.MaxValue),
        InboxLimitMessages = settings.Limits.QueueMessages * Math.Max(1, settings.Models.Count),
        InboxLimitBytes = settings.Limits.QueueBytes.Bytes,
        BackoffMaximum = LongestAbsence,
        IsHandlerQuick = true,
    };
}
