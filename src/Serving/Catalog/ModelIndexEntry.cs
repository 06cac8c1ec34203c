using EdgeRuntime.Serving.Lanes;

namespace EdgeRuntime.Serving.Catalog;

/// <summary>A line of the model repository's index, in the words of the repository extension of the Open Inference Protocol.</summary>
/// <param name="Name">The model's.</param>
/// <param name="Version">Of the bundle in service, or the configured one; empty where there is neither.</param>
/// <param name="State"><c>READY</c>, <c>LOADING</c> or <c>UNAVAILABLE</c>.</param>
/// <param name="Reason">Why it is not ready, or what is wrong although it is; empty for nothing.</param>
internal readonly record struct ModelIndexEntry(string Name, string Version, string State, string Reason)
{
    public bool IsReady => State == Ready;

    private const string Ready = "READY";

    public static ModelIndexEntry Of(ModelLane lane)
    {
        var standing = lane.Standing;
        return new ModelIndexEntry(lane.Name, standing.Model?.Version ?? lane.Slot.Version ?? "", WireName(standing.State), standing.Complaint ?? standing.Reason);
    }

    private static string WireName(ModelState state) => state switch
    {
        ModelState.Ready => Ready,
        ModelState.Loading => "LOADING",
        _ => "UNAVAILABLE",
    };
}
