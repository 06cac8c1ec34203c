namespace EdgeRuntime.Serving.Scheduling;

/// <summary>Whether a request is the one that a client calls by this correlation data.</summary>
internal delegate bool QueueMatch<in T>(T request, ReadOnlySpan<byte> client, ReadOnlySpan<byte> correlation);
