using EdgeRuntime.Messaging.OpenInference;

namespace EdgeRuntime.Offload.Cluster;

/// <summary>
/// A server of the Open Inference Protocol v2 behind this one, over HTTP or gRPC. Safe to call from many threads at once. Every call ends
/// within its budget, in an outcome; only bugs are thrown. Nothing is asked twice: whether to, is the caller's to say.
/// </summary>
internal interface IClusterClient : IDisposable
{
    /// <summary>The server's address, as it is named in messages.</summary>
    string Address { get; }

    /// <summary>Whether the server takes requests for inference; UNAVAILABLE where it says that it does not.</summary>
    Task<ClusterOutcome> ServerReadyAsync(TimeSpan budget, CancellationToken cancellation);

    /// <summary>Whether a model takes requests; UNAVAILABLE where it is there and does not, NOT_FOUND where it is not there.</summary>
    Task<ClusterOutcome> ModelReadyAsync(ClusterModel model, TimeSpan budget, CancellationToken cancellation);

    /// <summary>What the server says of itself; the metadata is there if the outcome is OK.</summary>
    Task<(ClusterOutcome Outcome, ServerMetadata? Metadata)> ServerMetadataAsync(TimeSpan budget, CancellationToken cancellation);

    /// <summary>What the server says of a model; the metadata is there if the outcome is OK.</summary>
    Task<(ClusterOutcome Outcome, ModelMetadata? Metadata)> ModelMetadataAsync(ClusterModel model, TimeSpan budget, CancellationToken cancellation);

    /// <summary>Has a model answer a request of tensors; the answer is the exchange's response if the outcome is OK.</summary>
    /// <param name="model">The model.</param>
    /// <param name="request">Must stay as it is until the call ends; is not changed.</param>
    /// <param name="exchange">Buffers, of this call alone until it ends.</param>
    /// <param name="budget">What is left of the request's time.</param>
    /// <param name="cancellation">Gives the call up.</param>
    Task<ClusterOutcome> InferAsync(ClusterModel model, InferenceRequest request, ClusterExchange exchange, TimeSpan budget, CancellationToken cancellation);
}
