using EdgeRuntime.Bundles;
using EdgeRuntime.Inference;
using EdgeRuntime.Serving.Configuration;

namespace EdgeRuntime.Serving.Lanes;

/// <summary>What is to be brought into service, and how.</summary>
internal sealed record LoadOrder
{
    public required ModelSettings Settings { get; init; }
    public required ServingOptions Serving { get; init; }

    /// <summary>Cancelled when the device closes.</summary>
    public CancellationToken Closing { get; init; }

    /// <summary>What serves already: it is not loaded again where nothing would be different; null for nothing.</summary>
    public ServedModel? InService { get; init; }

    /// <summary>Whether others are served meanwhile, and must not feel it.</summary>
    public bool InBackground { get; init; }

    /// <summary>Whether what was active before is tested too.</summary>
    public bool Tests { get; init; }

    /// <summary>Whether the bundles of a slot for one version stay in the store.</summary>
    public required Func<BundleSlot, bool> IsKept { get; init; }

    /// <summary>Makes room for a bundle's model before it is opened; gives the settings that keep to that room.</summary>
    /// <exception cref="InferenceException">There is none.</exception>
    public required Func<InstalledBundle, ModelSettings, ModelSettings> MakeRoom { get; init; }
}
