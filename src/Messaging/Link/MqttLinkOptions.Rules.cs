using System.Text;

namespace EdgeRuntime.Messaging;

public sealed partial record MqttLinkOptions
{
    private const int LongestUnixPath = 107;
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(24);

    /// <summary>Where the broker is, for a person to read.</summary>
    internal string Broker => UnixSocket ?? $"{Host}:{Port}";

    /// <summary>Refuses options that contradict each other or are out of range; the message has every error.</summary>
    /// <exception cref="MqttLinkException"><see cref="MqttLinkError.InvalidOptions"/>.</exception>
    internal void Require()
    {
        string[] errors = [.. AddressErrors(), .. IdentityErrors(), .. WillErrors(), .. TimeErrors(), .. LimitErrors()];
        if (errors.Length > 0) throw new MqttLinkException(MqttLinkError.InvalidOptions, $"MQTT link: {string.Join("; ", errors)}");
    }

    private IEnumerable<string> AddressErrors()
    {
        if (UnixSocket is { } path)
        {
            if (Encoding.UTF8.GetByteCount(path) is 0 or > LongestUnixPath || path.Contains('\0'))
                yield return $"{nameof(UnixSocket)} '{path}' must be a path of 1 to {LongestUnixPath} bytes";
            if (Tls is not null) yield return $"{nameof(Tls)} cannot be used with {nameof(UnixSocket)}: there is no host name to verify";
            yield break;
        }
        if (string.IsNullOrWhiteSpace(Host) || Host.Contains('\0')) yield return $"{nameof(Host)} '{Host}' must be a name or an address";
        if (Port is < 1 or > ushort.MaxValue) yield return $"{nameof(Port)} {Port} must be 1 to 65535";
    }

    private IEnumerable<string> IdentityErrors()
    {
        if (string.IsNullOrEmpty(ClientId) || !IsText(ClientId)) yield return $"{nameof(ClientId)} '{ClientId}' must be 1 to 65535 bytes of text";
        if (User is not null && !IsText(User)) yield return $"{nameof(User)} must be at most 65535 bytes of text";
        if (Password is not null && User is null) yield return $"{nameof(Password)} needs {nameof(User)}";
        if (Password is not null && (Encoding.UTF8.GetByteCount(Password) > ushort.MaxValue || Password.Contains('\0')))
            yield return $"{nameof(Password)} must be at most 65535 bytes without a zero";
        if (Tls is null) yield break;
        if (string.IsNullOrEmpty(Tls.CaFile)) yield return $"{nameof(MqttTls.CaFile)} must be a file";
        if (string.IsNullOrEmpty(Tls.CertificateFile) != string.IsNullOrEmpty(Tls.KeyFile))
            yield return $"{nameof(MqttTls.CertificateFile)} and {nameof(MqttTls.KeyFile)} need each other";
    }

    private IEnumerable<string> WillErrors()
    {
        if (Will is null) yield break;
        if (!MqttText.IsTopic(Encoding.UTF8.GetBytes(Will.Topic))) yield return $"will's topic '{Will.Topic}' must be text without wildcards";
        if (Will.Payload.Length > ushort.MaxValue) yield return $"will's payload has {Will.Payload.Length} bytes, over the limit of 65535";
        if (Will.ContentType is { } type && !IsText(type)) yield return "will's content type must be at most 65535 bytes of text";
        if (Will.Delay < TimeSpan.Zero || Will.Delay.TotalSeconds > uint.MaxValue) yield return $"will's delay {Will.Delay} must be 0 to {uint.MaxValue} s";
        if (Will.Expiry is { } expiry && (expiry <= TimeSpan.Zero || expiry.TotalSeconds > uint.MaxValue))
            yield return $"will's expiry {expiry} must be above 0 and at most {uint.MaxValue} s";
        for (var i = 0; i < (Will.UserProperties?.Count ?? 0); i++)
            if (!MqttText.IsText(Will.UserProperties!.Name(i)) || !MqttText.IsText(Will.UserProperties.Value(i)))
                yield return $"will's user property {i} is not UTF-8 without control characters";
    }

    private IEnumerable<string> TimeErrors()
    {
        if (SessionExpiry < TimeSpan.Zero || SessionExpiry.TotalSeconds > uint.MaxValue)
            yield return $"{nameof(SessionExpiry)} {SessionExpiry} must be 0 to {uint.MaxValue} s";
        if (KeepAlive.TotalSeconds is < 5 or > ushort.MaxValue) yield return $"{nameof(KeepAlive)} {KeepAlive} must be 5 s to 65535 s";
        foreach (var (name, value) in new[]
        {
            (nameof(ConnectTimeout), ConnectTimeout), (nameof(BackoffMinimum), BackoffMinimum),
            (nameof(BackoffMaximum), BackoffMaximum), (nameof(OfflineExpiry), OfflineExpiry),
        })
            if (value <= TimeSpan.Zero || value > LongestWait) yield return $"{name} {value} must be above 0 and at most {LongestWait.TotalDays:0} days";
        if (BackoffMinimum > BackoffMaximum) yield return $"{nameof(BackoffMinimum)} {BackoffMinimum} is over {nameof(BackoffMaximum)} {BackoffMaximum}";
    }

    private IEnumerable<string> LimitErrors()
    {
        foreach (var (name, value, limit) in new (string, long, long)[]
        {
            (nameof(ReceiveMaximum), ReceiveMaximum, ushort.MaxValue), (nameof(SendWindow), SendWindow, ushort.MaxValue),
            (nameof(MaximumPacketSize), MaximumPacketSize, MqttPacketSize.Maximum),
            (nameof(OutgoingLimitMessages), OutgoingLimitMessages, 1 << 20), (nameof(OutgoingLimitBytes), OutgoingLimitBytes, long.MaxValue),
            (nameof(InboxLimitMessages), InboxLimitMessages, 1 << 20), (nameof(InboxLimitBytes), InboxLimitBytes, long.MaxValue),
        })
            if (value < 1 || value > limit) yield return $"{name} {value} must be 1 to {limit}";
    }

    private static bool IsText(string text) => MqttText.IsText(Encoding.UTF8.GetBytes(text));
}
