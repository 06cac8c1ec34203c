using System.Text;
using EdgeRuntime.Bundles;
using EdgeRuntime.Device.Serving;
using EdgeRuntime.Messaging.OpenInference;

namespace EdgeRuntime.Device.Http;

/// <summary>Which models and versions a path may name.</summary>
internal sealed class ModelVersions(ModelLanes lanes, string device)
{
    public bool TryFind(string model, out ModelLane lane)
    {
        Span<byte> name = stackalloc byte[Identifier.MaximumLength];
        return lanes.TryFind(name[..Encoding.ASCII.GetBytes(model, name)], out lane);
    }

    /// <summary>Why a model of that name, and version where one is named, is not here; null where it is, in service or not.</summary>
    public HttpFailure? Refusal(string model, string? version)
    {
        if (!TryFind(model, out var lane)) return HttpFailure.NotFound($"no model '{model}' on device '{device}', only {lanes}");
        if (version is null || lane.Model is not { } served || served.Version == version) return null;
        return HttpFailure.NotFound($"model '{model}' has no version '{Identifier.Quote(version)}', only '{served.Version}'");
    }

    /// <summary>As <see cref="Refusal"/>, and why the model is not in service.</summary>
    public HttpFailure? RefusalToServe(string model, string? version, out ServedModel? served)
    {
        served = null;
        if (Refusal(model, version) is { } missing) return missing;
        TryFind(model, out var lane);
        served = lane.Model;
        return served is null ? HttpFailure.Of(new Outcome(InferenceStatus.Unavailable, $"model '{model}' is not in service: {lane.Standing.Reason}")) : null;
    }
}
