using System.Runtime.InteropServices;
using EdgeRuntime.Messaging.Native;

namespace EdgeRuntime.Messaging;

internal sealed unsafe partial class MosquittoConnection
{
    // The peer closing its end says nothing about certificates: a broker that stops does that too.
    private const string PeerClosed = "unexpected eof";

    private ConnectionEnd Describe(MosquittoError error, int errno)
    {
        if (_options.Tls is not null && Limits is null && TlsFailure() is { } failure) return new ConnectionEnd(MqttLinkError.TlsFailed, failure);
        return new ConnectionEnd(null, error switch
        {
            MosquittoError.NameLookup => $"name '{_options.Host}' cannot be resolved",
            MosquittoError.Errno when errno != 0 => Marshal.GetPInvokeErrorMessage(errno),
            MosquittoError.KeepAlive => $"broker did not answer within twice the keep-alive of {_options.KeepAlive.TotalSeconds:0} s",
            MosquittoError.Success => "link took its leave",
            _ => (Marshal.PtrToStringUTF8((nint)LibMosquitto.mosquitto_strerror((int)error)) ?? $"error {(int)error}").TrimEnd('.'),
        });
    }

    private string? TlsFailure()
    {
        var problems = _errors.Where(line => !line.Contains(PeerClosed, StringComparison.Ordinal)).ToArray();
        return problems.Length == 0 ? null : $"TLS failed: {string.Join("; ", problems)}";
    }

    // While SSL_connect meets a closed socket the library reports success for ever.
    private void FailHandshake() =>
        End = TlsFailure() is { } failure && _options.Tls is not null
            ? new ConnectionEnd(MqttLinkError.TlsFailed, failure)
            : new ConnectionEnd(null, "broker closed the connection before it answered");

    private static string ReasonText(int reasonCode) =>
        Marshal.PtrToStringUTF8((nint)LibMosquitto.mosquitto_reason_string(reasonCode)) ?? "unknown reason";
}
