using System.Buffers;
using EdgeRuntime.Serving.Lanes;

namespace EdgeRuntime.Serving.Http;

/// <summary>What other parts of the device do when HTTP asks for it; where one is missing, so is its path.</summary>
internal sealed record HttpHooks
{
    /// <summary>Gives up a request that waits or runs; false where it is not known any more.</summary>
    public delegate bool CancelRequest(ReadOnlySpan<byte> client, ReadOnlySpan<byte> correlation);

    /// <summary>Puts a model into service, or takes it out: one version of it, or all where none is named.</summary>
    public delegate Task<Outcome> ChangeModel(string name, string? version, CancellationToken cancellation);

    /// <summary>Counts a request that was not admitted.</summary>
    public delegate void CountRefusal(string model, RefusalReason reason, TimeSpan took);

    /// <summary>Writes the metrics in Prometheus' text format.</summary>
    public delegate void WriteMetrics(IBufferWriter<byte> to);

    /// <summary>Called when a client disconnects before its answer.</summary>
    public CancelRequest? Cancel { get; init; }
    public ChangeModel? Load { get; init; }
    public ChangeModel? Unload { get; init; }
    public CountRefusal? Refused { get; init; }
    public WriteMetrics? Metrics { get; init; }
}
