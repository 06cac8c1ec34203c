using EdgeRuntime.Bundles;
using EdgeRuntime.Serving.Configuration;
using EdgeRuntime.Inference;

namespace EdgeRuntime.Serving.Lanes;

/// <summary>Opens the rung of a bundle's ladder that a policy names: one by its id, or the first that is for this target and fits its budget.</summary>
internal static class LadderChoice
{
    /// <summary>The rungs that a policy allows, best first.</summary>
    public static IEnumerable<Variant> Candidates(Manifest manifest, string policy, string target) => manifest.Variants
        .Where(variant => policy == ModelSettings.BestVariant ? variant.Target is null || variant.Target == target : variant.Id == policy);

    /// <exception cref="InferenceException">None can be opened; the message says why of each.</exception>
    public static ServedVariant Open(InstalledBundle bundle, string policy, string target, ExecutionOptions options, SessionCache cache, ServingOptions serving)
    {
        if (policy != ModelSettings.BestVariant) return ServedVariant.Open(bundle, policy, options, cache, serving);
        var reasons = new List<string>();
        foreach (var variant in Candidates(bundle.Manifest, policy, target))
        {
            try
            {
                return ServedVariant.Open(bundle, variant.Id, options, cache, serving);
            }
            catch (InferenceException error) when (error.Error == InferenceError.OverBudget)
            {
                reasons.Add(error.Message);
            }
        }
        throw new InferenceException(InferenceError.OverBudget,
            reasons.Count > 0 ? string.Join("; ", reasons) : $"bundle '{bundle.Manifest.Name}' has no variant for target '{target}'");
    }
}
