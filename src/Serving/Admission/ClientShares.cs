namespace EdgeRuntime.Serving.Admission;

/// <summary>
/// The turns of the clients of one lane, as rounds in which each has a share of what the lane takes at once: whoever asks for more is put into later rounds,
/// behind all who ask for less (start-time fair queueing, Goyal et al. 1996). Whoever asked for less than its share is ahead by that, up to a limit: several
/// requests at once pass what others have waiting. A client that is alone has every place of the present round. Thread-safe.
/// </summary>
internal sealed class ClientShares
{
    private const int MostSaved = 8; // requests by which a client may be ahead
    private const double GainOfVoid = 1 / 8.0, MostlyVoid = 0.5;

    private readonly Lock _gate = new();
    private readonly ClientNames<Share> _shares;
    private readonly long _second;
    private long _window, _round;
    private int _active, _activeBefore; // clients seen in this second, and in the one before

    /// <param name="second">Of the clock.</param>
    public ClientShares(long second) => (_second, _shares) = (second, new ClientNames<Share>(_ => new Share(this), static share => share.Outstanding == 0));

    /// <summary>One client's requests in the lane.</summary>
    public sealed class Share(ClientShares owner)
    {
        internal int Outstanding { get; set; }
        internal long Seen { get; set; } = -1;

        /// <summary>The round of its last request, and how many it has in that one.</summary>
        internal long Round { get; set; }
        internal int InRound { get; set; }

        /// <summary>Which part of what it asked lately was no request, 0 to 1.</summary>
        internal double Void { get; private set; }

        /// <summary>One of its requests ended.</summary>
        /// <param name="round">That request's.</param>
        /// <param name="isCharged">Whether it took what a turn is worth; else its place in the round is free again.</param>
        /// <param name="isVoid">Whether it turned out to be no request.</param>
        public void Leave(long round, bool isCharged, bool isVoid = false)
        {
            lock (owner._gate)
            {
                Outstanding--;
                if (isCharged || isVoid) Void += ((isVoid ? 1 : 0) - Void) * GainOfVoid;
                if (isCharged) owner._round = Math.Max(owner._round, round);
                else if (round == Round && InRound > 0) InRound--;
            }
        }
    }

    /// <summary>One more request of a client.</summary>
    /// <param name="client">Its name.</param>
    /// <param name="now">A timestamp of the clock.</param>
    /// <param name="capacity">How many requests the lane takes at once; active clients share it.</param>
    /// <param name="place">Its round, and whether the client had its share already.</param>
    public Share Enter(string client, long now, int capacity, out RoundPlace place)
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
            place = Place_NeedsLock(share, Math.Max(_active, _activeBefore), capacity);
            share.Outstanding++;
            return share;
        }
    }

    private RoundPlace Place_NeedsLock(Share share, int active, int capacity)
    {
        int most = Math.Max(1, capacity / Math.Max(1, active));
        long earliest = _round - (MostSaved + most - 1) / most;
        if (share.Round < earliest) (share.Round, share.InRound) = (earliest, 0);
        if (active <= 1) return new RoundPlace(_round, false);
        // What is no request is counted as a run until its turn tells: others would be refused for what is promised to many of them.
        if (share.Outstanding > 0 && share.Void > MostlyVoid) return new RoundPlace(long.MaxValue, true, IsRefused: true);
        if (share.Outstanding == 0) return new RoundPlace(Math.Min(_round - 1, share.Round), false); // next: who asks for one thing at a time never has more than its share
        if (share.InRound >= most) (share.Round, share.InRound) = (share.Round + 1, 0);
        share.InRound++;
        return new RoundPlace(share.Round, share.Outstanding >= most && share.Round >= _round);
    }

    private void Turn_NeedsLock(long window)
    {
        if (window == _window) return;
        (_activeBefore, _active) = (window == _window + 1 ? _active : 0, 0);
        _window = window;
    }
}
