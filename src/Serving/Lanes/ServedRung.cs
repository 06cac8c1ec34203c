using System.Text;
using EdgeRuntime.Bundles;
using EdgeRuntime.Inference;

namespace EdgeRuntime.Serving.Lanes;

/// <summary>A rung of a served model's ladder, which is open or not. Its model opens and closes it. Thread-safe.</summary>
internal sealed class ServedRung(Variant variant, int index, double seconds)
{
    private volatile SharedVariant? _shared;

    /// <summary>Its place on the ladder; 0 is the best.</summary>
    public int Index { get; } = index;

    public string Id => variant.Id;

    public byte[] Utf8Id { get; } = Encoding.UTF8.GetBytes(variant.Id);

    /// <summary>The quality relative to the fp32 parent; 1 where none was measured, which only a parent lacks.</summary>
    public double Quality { get; } = variant.Quality?.Relative ?? 1;

    /// <summary>What a run takes by the bundle; 0 where it does not say.</summary>
    public double Seconds { get; } = seconds;

    /// <summary>What it needs: its weights, which are mapped, and what comes on top.</summary>
    public ByteCount Memory { get; } = MemoryBudget.Needed(variant);

    /// <summary>Whether it could not be opened, or broke, and stays closed. Set in the catalog's turn or as it breaks.</summary>
    public bool HasFailed { get; set; }

    /// <summary>Whether it broke before: it is tried whatever the record says.</summary>
    public bool IsSuspect { get; set; }

    /// <summary>Runs in a row that failed; the worker's.</summary>
    public int Failures { get; set; }

    public bool IsOpen => _shared is not null;

    /// <summary>What runs it, with a reference for one turn; null where it is closed.</summary>
    public SharedVariant? Enter()
    {
        while (_shared is { } shared)
            if (shared.TryEnter()) return shared;
        return null;
    }

    /// <summary>What runs it; null where it is closed.</summary>
    internal SharedVariant? Shared { get => _shared; set => _shared = value; }
}
