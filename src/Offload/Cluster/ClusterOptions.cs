using EdgeRuntime.Messaging.OpenInference;

namespace EdgeRuntime.Offload.Cluster;

/// <summary>How a cluster is spoken to.</summary>
internal enum ClusterProtocol : byte
{
    /// <summary>HTTP/1.1.</summary>
    Http,
    /// <summary>gRPC over HTTP/2; without TLS by prior knowledge.</summary>
    Grpc,
}

/// <summary>How tensors go over HTTP.</summary>
internal enum ClusterEncoding : byte
{
    /// <summary>In binary sections if the server's metadata lists binary_tensor_data or JSON cannot carry them, else in JSON.</summary>
    Auto,
    /// <summary>In binary sections.</summary>
    Binary,
    /// <summary>In JSON; what JSON cannot carry is refused.</summary>
    Json,
}

/// <summary>Where a cluster is and what it may take. <see cref="Problems"/> tells what is wrong with it; clients are made of sound options only.</summary>
internal sealed record ClusterOptions
{
    /// <summary>http or https, host and port, and a path where the server is below one (HTTP only).</summary>
    public required Uri Url { get; init; }

    public ClusterProtocol Protocol { get; init; }

    public ClusterEncoding Encoding { get; init; }

    /// <summary>PEM: the authorities that may name the server; null for those of the system. Only with https.</summary>
    public string? Ca { get; init; }

    /// <summary>PEM: the certificate that this server shows; needs <see cref="Key"/>. Only with https.</summary>
    public string? Certificate { get; init; }

    /// <summary>PEM: its private key.</summary>
    public string? Key { get; init; }

    /// <summary>Connections at most. Over HTTP as many requests are under way at once, and others wait within their budget.</summary>
    public int Connections { get; init; } = 16;

    /// <summary>How long a connection may take to open.</summary>
    public TimeSpan ConnectPatience { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>After which a connection is opened anew, so that a pool of servers behind one name is used as a whole.</summary>
    public TimeSpan ConnectionLifetime { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>A budget beyond this is cut to it.</summary>
    public TimeSpan MaxBudget { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>What an answer may hold.</summary>
    public ProtocolLimits Limits { get; init; } = ProtocolLimits.Default;

    /// <summary>Everything that is wrong, each with the member that it is about; none where the options are sound.</summary>
    public IEnumerable<(string Member, string Problem)> Problems()
    {
        if (!Url.IsAbsoluteUri || Url.Scheme is not ("http" or "https"))
        {
            yield return ("url", $"'{Url}' is neither http://HOST:PORT nor https://HOST:PORT");
            yield break;
        }
        if (Url.UserInfo.Length > 0) yield return ("url", "must not hold a user or a password");
        if (Url.Query.Length > 0 || Url.Fragment.Length > 0) yield return ("url", $"'{Url}' has a query or a fragment");
        if (Protocol == ClusterProtocol.Grpc && Url.AbsolutePath != "/") yield return ("url", $"'{Url}' has the path '{Url.AbsolutePath}', gRPC has none");
        if (Protocol == ClusterProtocol.Grpc && Encoding != ClusterEncoding.Auto) yield return ("encoding", "is of http alone: over gRPC tensors are always binary");
        if (Url.Scheme == "http" && (Ca ?? Certificate ?? Key) is not null) yield return ("url", $"'{Url}' is without TLS, but ca, certificate or key is given");
        if (Certificate is null != Key is null) yield return (Certificate is null ? "certificate" : "key", "certificate and key go together, one of them is missing");
        if (Connections is < 1 or > 1024) yield return ("connections", $"is {Connections}, it must be from 1 to 1024");
    }
}
