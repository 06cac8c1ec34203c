using System.Text;
using EdgeRuntime.Messaging.OpenInference;
using EdgeRuntime.Serving.Lanes;

namespace EdgeRuntime.Serving.Http;

/// <summary>Which models and versions a path may name.</summary>
internal sealed class ModelVersions(ModelLanes lanes, string who)
{
    /// <summary>Why a model of that name, and version where one is named, is not here; null where it is, in service or not.</summary>
    public HttpFailure? Refusal(string model, string? version) => Refusal(model, version, out _);

    /// <summary>As <see cref="Refusal(string, string?)"/>, and why the model is not in service.</summary>
    public HttpFailure? RefusalToServe(string model, string? version, out ServedModel? served)
    {
        served = null;
        if (Refusal(model, version, out var lane) is { } missing) return missing;
        served = lane!.Model;
        return served is null ? HttpFailure.Of(new Outcome(RefusalReason.NotInService, $"model '{lane.Id}' is not in service: {lane.Standing.Reason}")) : null;
    }

    /// <summary>Whether requests for it are answered, here or elsewhere.</summary>
    public bool IsReady(string model, string? version) => Refusal(model, version, out var lane) is null && lane!.IsReady;

    /// <summary>What the host says of a model that has it; null where none answers for it.</summary>
    public ModelMetadata? Told(string model, string? version) => Refusal(model, version, out var lane) is null ? lane!.Told : null;

    private HttpFailure? Refusal(string model, string? version, out ModelLane? lane)
    {
        lane = null;
        if (lanes.Find(model) is not { } versions) return HttpFailure.NotFound($"no model '{model}' on {who}, only {lanes}");
        bool isOne = VersionText.TryParse(Encoding.UTF8.GetBytes(version ?? ""), out var asked);
        if (isOne || version is null) lane = versions.Find(asked);
        return lane is null ? HttpFailure.Of(versions.Unknown(version!)) : null;
    }
}
