namespace EdgeRuntime.TestKit.Brokers;

/// <summary>How a <see cref="MosquittoBroker"/> is set up; by default it lets everybody in, on TCP alone.</summary>
public sealed record BrokerOptions
{
    /// <summary>TLS for every client; null for none. Clients need a certificate where <see cref="RequireClientCertificate"/> says so.</summary>
    public TestCertificates? Certificates { get; init; }

    /// <summary>Refuses clients without a certificate; its common name becomes the user name.</summary>
    public bool RequireClientCertificate { get; init; }

    /// <summary>Which of the server certificates the broker shows: "server" is for localhost, "elsewhere" for another host.</summary>
    public string ServerCertificate { get; init; } = "server";

    /// <summary>User names with passwords; nobody else is let in. Null lets everybody in.</summary>
    public IReadOnlyDictionary<string, string>? Users { get; init; }

    /// <summary>Lines of an ACL file; null for none. A subscription is never refused by it: mosquitto drops what its lines forbid instead.</summary>
    public IReadOnlyList<string>? Acl { get; init; }

    /// <summary>A filter; subscriptions outside it are refused, by mosquitto's dynamic security plugin. Null allows all.</summary>
    public string? SubscribeOnly { get; init; }

    /// <summary>The largest packet in bytes, announced to clients; null for no limit.</summary>
    public int? MaxPacketSize { get; init; }

    /// <summary>Whether sessions and retained messages survive the broker.</summary>
    public bool Persistence { get; init; }

    /// <summary>Also listens on a Unix socket in the broker's folder.</summary>
    public bool UnixSocket { get; init; }

    /// <summary>Further configuration lines.</summary>
    public IReadOnlyList<string> Extra { get; init; } = [];
}
