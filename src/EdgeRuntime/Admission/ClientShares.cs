namespace EdgeRuntime.Device.Admission;

/// <summary>
/// How many requests each client has in one lane, so that one that has its share of what the lane takes at once can be put behind those that have less. A
/// client that is alone has all of it. Thread-safe.
/// </summary>
internal sealed class ClientShares
{
    private readonly Lock _gate = new();
    private readonly ClientNames<Share> _shares;
    private readonly long _second;
    private long _window;
    private int _active, _activeBefore; // clients seen in this second, and in the one before

    /// <param name="second">Of the clock.</param>
    public ClientShares(long second) => (_second, _shares) = (second, new ClientNames<Share>(_ => new Share(this), static share => share.Outstanding == 0));

    /// <summary>One client's requests in the lane.</summary>
    public sealed class Share(ClientShares owner)
    {
        internal int Outstanding { get; set; }
        internal long Seen { get; set; } = -1;

        /// <summary>One of them ended.</summary>
        public void Leave()
        {
            lock (owner._gate) Outstanding--;
        }
    }

    /// <summary>One more request of a client.</summary>
    /// <param name="client">Its name.</param>
    /// <param name="now">A timestamp of the clock.</param>
    /// <param name="capacity">How many requests the lane takes at once; active clients share it.</param>
    /// <param name="isOverShare">Whether the client had its share already while others were active within the last second.</param>
    public Share Enter(string client, long now, int capacity, out bool isOverShare)
    {
        lock (_gate)
        {
            Turn_NeedsLock(now / _second);
            var share = _shares.Of(client);
            if (share.Seen != _window)
            {
                share.Seen = _window;
                _active++;
            }
            int active = Math.Max(_active, _activeBefore);
            isOverShare = active > 1 && share.Outstanding >= Math.Max(1, capacity / active);
            share.Outstanding++;
            return share;
        }
    }

    private void Turn_NeedsLock(long window)
    {
        if (window == _window) return;
        (_activeBefore, _active) = (window == _window + 1 ? _active : 0, 0);
        _window = window;
    }
}
