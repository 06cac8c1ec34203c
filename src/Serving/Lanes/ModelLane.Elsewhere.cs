using EdgeRuntime.Messaging.OpenInference;
using EdgeRuntime.Serving.Configuration;

namespace EdgeRuntime.Serving.Lanes;

// A model that another host has too, or alone.
internal sealed partial class ModelLane
{
    private volatile RemoteModel? _elsewhere;
    private volatile ModelMetadata? _told;

    /// <summary>Who else has the model, as configured; null for nobody.</summary>
    public RemoteModel? Elsewhere { get => _elsewhere; private set => _elsewhere = value; }

    /// <summary>What the host that has it says of it while it answers; null while it does not.</summary>
    public ModelMetadata? Told { get => _told; set => _told = value; }

    /// <summary>Whether requests are answered, here or there.</summary>
    public bool IsReady => Model is not null || Told is not null;
}
