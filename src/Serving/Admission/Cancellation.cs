using EdgeRuntime.Serving.Lanes;

namespace EdgeRuntime.Serving.Admission;

/// <summary>
/// Gives requests up for their clients: one that waits is answered <c>CANCELLED</c> at once, one that runs as soon as its run has ended, which is ended early
/// where nobody else waits for it. Thread-safe.
/// </summary>
internal sealed class Cancellation(ModelLanes lanes, Dismissal dismissal)
{
    /// <summary>Who has requests with servers; null where nobody has.</summary>
    public IOffloadDesk? Desk { get; set; }

    /// <param name="client">Whose request it is; no other's is touched.</param>
    /// <param name="correlation">What its client calls it.</param>
    /// <returns>False where there is no such request, or no longer.</returns>
    public bool Cancel(ReadOnlySpan<byte> client, ReadOnlySpan<byte> correlation)
    {
        if (client.IsEmpty || correlation.IsEmpty) return false;
        bool found = false;
        foreach (var lane in lanes.All)
        {
            while (lane.Remove(client, correlation) is { } waiting)
            {
                dismissal.End(waiting, lane.Name, ModelRunner.Cancelled);
                found = true;
            }
            found |= lane.Running.Cancel(client, correlation);
        }
        return found | (Desk?.Cancel(client, correlation) ?? false);
    }
}
