using EdgeRuntime.Messaging.OpenInference;

namespace EdgeRuntime.Offload.Cluster;

/// <summary>Receives a body into a buffer that grows with what arrives, up to a limit.</summary>
internal static class BodyReader
{
    private const int Piece = 64 << 10, FirstPiece = 1 << 20;

    /// <returns>Why it was not received whole; null where it was.</returns>
    public static async ValueTask<string?> ReadAsync(HttpContent content, PayloadBuffer into, int limit, CancellationToken cancellation)
    {
        var stated = content.Headers.ContentLength;
        if (stated > limit) return $"its body has {stated} bytes, over the limit of {limit}";
        into.GetMemory((int)Math.Clamp(stated ?? Piece, Piece, FirstPiece)); // what a server states is believed up to a point
        using var stream = await content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        while (true)
        {
            var read = await stream.ReadAsync(into.GetMemory(Math.Min(Piece, limit + 1 - into.Length)), cancellation).ConfigureAwait(false);
            if (read == 0) return null;
            into.Advance(read);
            if (into.Length > limit) return $"its body has more than {limit} bytes, the limit";
        }
    }
}
