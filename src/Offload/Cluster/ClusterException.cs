namespace EdgeRuntime.Offload.Cluster;

/// <summary>A client cannot be made as its options say: they are not sound, or a certificate cannot be read.</summary>
internal sealed class ClusterException(string message, Exception? cause = null) : Exception(message, cause);
