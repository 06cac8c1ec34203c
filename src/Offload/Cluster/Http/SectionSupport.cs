using EdgeRuntime.Messaging.OpenInference;

namespace EdgeRuntime.Offload.Cluster.Http;

/// <summary>Whether the server takes binary sections: as configured, or as its metadata says, which is asked for now and then.</summary>
internal sealed class SectionSupport(ClusterEncoding encoding, TimeProvider time)
{
    private static readonly TimeSpan Validity = TimeSpan.FromMinutes(1);

    private volatile Known? _known;

    /// <summary>What is known; null where the server has to be asked.</summary>
    public bool? Takes => encoding switch
    {
        ClusterEncoding.Binary => true,
        ClusterEncoding.Json => false,
        _ => _known is { } known && time.GetElapsedTime(known.Since) < Validity ? known.Takes : null,
    };

    /// <summary>Whether a message that JSON cannot carry may go in sections all the same.</summary>
    public bool MayTry => encoding != ClusterEncoding.Json;

    public void Learn(ServerMetadata metadata) => _known = new Known(metadata.Extensions.Contains(ServerMetadata.BinaryTensorData), time.GetTimestamp());

    private sealed record Known(bool Takes, long Since);
}
