using EdgeRuntime.Messaging.OpenInference;

namespace EdgeRuntime.Offload.Cluster;

/// <summary>Where it went wrong, for whoever decides whether to ask the server again.</summary>
internal enum ClusterFault : byte
{
    /// <summary>Nothing did.</summary>
    None,
    /// <summary>The request cannot be sent as it is; the server was not asked.</summary>
    Request,
    /// <summary>The server answered, and refused.</summary>
    Refused,
    /// <summary>No connection, or it broke.</summary>
    Unreachable,
    /// <summary>What the server answered is not what the protocol, or the model's metadata, has it answer.</summary>
    BadAnswer,
    /// <summary>The budget was used up.</summary>
    Late,
    /// <summary>The caller gave up.</summary>
    Cancelled,
}

/// <summary>How a call to a cluster ended; expected outcomes are never thrown.</summary>
/// <param name="Status">OK, or what to answer the one who asked.</param>
/// <param name="Fault">Where it went wrong.</param>
/// <param name="Message">Names the server, the model, the value and the limit; empty for OK.</param>
/// <param name="RetryAfter">How long the server wants to be left alone, where it says so.</param>
internal readonly record struct ClusterOutcome(InferenceStatus Status, ClusterFault Fault, string Message, TimeSpan? RetryAfter = null)
{
    public static ClusterOutcome Ok { get; } = new(InferenceStatus.Ok, ClusterFault.None, "");

    public bool IsOk => Status == InferenceStatus.Ok;
}
