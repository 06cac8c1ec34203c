using EdgeRuntime.Offload.Cluster.Grpc;
using EdgeRuntime.Offload.Cluster.Http;

namespace EdgeRuntime.Offload.Cluster;

/// <summary>Makes the client of a cluster. Nothing is connected to before the first call.</summary>
internal static class ClusterClients
{
    /// <exception cref="ClusterException">The options are not sound, or a certificate cannot be read.</exception>
    public static IClusterClient Open(ClusterOptions options, TimeProvider time)
    {
        var problems = options.Problems().Select(each => $"{each.Member}: {each.Problem}").ToList();
        if (problems.Count > 0) throw new ClusterException(string.Join("; ", problems));
        return options.Protocol == ClusterProtocol.Grpc ? new GrpcClusterClient(options, time) : new HttpClusterClient(options, time);
    }
}
