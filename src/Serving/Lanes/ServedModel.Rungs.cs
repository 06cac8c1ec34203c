using EdgeRuntime.Bundles;
using EdgeRuntime.Inference;

namespace EdgeRuntime.Serving.Lanes;

// The rungs of its ladder: one is open from the start, the others when their time comes, and one at least at any time.
internal sealed partial class ServedModel
{
    private readonly Lock _gate = new();
    private readonly Func<string, ServedVariant> _open;
    private volatile ServedRung[] _rungs;
    private ServedVariant _last;
    private bool _isDisposed;

    /// <summary>The rungs that it may have open on this device, best first: from the best that there is room for on, without those that another one beats.</summary>
    public IReadOnlyList<ServedRung> Ladder { get; }

    /// <summary>Those that are open, best first: a snapshot, with one at least.</summary>
    public IReadOnlyList<ServedRung> Rungs => _rungs;

    /// <summary>Whether an open rung runs on something else than the CPU.</summary>
    public bool IsAccelerated => _rungs.Any(static rung => rung.Shared is { } shared && shared.Variant.Provider != ExecutionOptions.Cpu);

    /// <summary>The best that may be used below a cap; where none is open there, the last one that is.</summary>
    public ServedRung Usable(int cap)
    {
        var rungs = _rungs;
        foreach (var rung in rungs)
            if (rung.Index >= cap) return rung;
        return rungs[^1];
    }

    /// <summary>The last rung that a quality floor allows; 0 where none does.</summary>
    public int LastRung(double? floor)
    {
        int last = Ladder.Count - 1;
        if (floor is { } least)
            while (last > 0 && Ladder[last].Quality < least) last--;
        return last;
    }

    /// <summary>Opens a variant of the ladder, to be tested; <see cref="TryAdd"/> puts it into service.</summary>
    /// <exception cref="InferenceException">It cannot be loaded.</exception>
    public ServedVariant OpenVariant(ServedRung rung) => _open(rung.Id);

    /// <summary>Puts a rung into service. False where the model is gone, or it is open already; the variant is freed then.</summary>
    public bool TryAdd(ServedRung rung, ServedVariant variant)
    {
        lock (_gate)
        {
            if (!_isDisposed && !rung.IsOpen)
            {
                rung.Shared = new SharedVariant(variant);
                Renew_NeedsLock();
                return true;
            }
        }
        variant.Dispose();
        return false;
    }

    /// <summary>Takes a rung out of service; it is freed after its last run. False where it is not open, or the only one that is.</summary>
    public bool TryClose(ServedRung rung)
    {
        SharedVariant shared;
        lock (_gate)
        {
            if (_isDisposed || _rungs.Length < 2 || rung.Shared is null) return false;
            shared = rung.Shared;
            rung.Shared = null;
            Renew_NeedsLock();
        }
        shared.Leave();
        return true;
    }

    private void Renew_NeedsLock()
    {
        _rungs = [.. Ladder.Where(static rung => rung.IsOpen)];
        _last = _rungs[0].Shared!.Variant;
    }

    // Nobody is in a turn any more, or one that never ends.
    private void CloseAll()
    {
        lock (_gate) _isDisposed = true;
        foreach (var rung in _rungs) rung.Shared?.Abandon();
    }
}
