using EdgeRuntime.Bundles;
using EdgeRuntime.Inference;
using EdgeRuntime.Serving.Configuration;

namespace EdgeRuntime.Serving.Lanes;

/// <summary>Opens the rung of a bundle's ladder that a policy names: one by its id, or the first that is for this target and fits its budget.</summary>
internal static class LadderChoice
{
    /// <summary>The rungs that a policy allows, best first.</summary>
    public static IEnumerable<Variant> Candidates(Manifest manifest, string policy, string target) => manifest.Variants
        .Where(variant => policy == ModelSettings.BestVariant ? variant.Target is null || variant.Target == target : variant.Id == policy);

    /// <summary>
    /// The rungs that a model may have open at once, best first, from the one that was opened on: each worse than those above it and not known to be as
    /// slow as one of them, within the model's own budget.
    /// </summary>
    public static IReadOnlyList<ServedRung> Rungs(Manifest manifest, string first, ModelSettings asked, string target, ExecutionOptions options)
    {
        var rungs = new List<ServedRung>();
        foreach (var variant in Candidates(manifest, asked.Variant, target).SkipWhile(variant => variant.Id != first))
        {
            if (rungs.Count > 0 && (asked.MemoryBudget?.Bytes < MemoryBudget.Needed(variant).Bytes || IsBeaten(variant, rungs, target, options.Threads))) continue;
            rungs.Add(new ServedRung(variant, rungs.Count, Seconds(variant, target, options.Threads)));
        }
        return rungs;
    }

    private static bool IsBeaten(Variant variant, List<ServedRung> better, string target, int threads) =>
        better.Exists(rung => Relative(variant) > rung.Quality || (rung.Seconds > 0 && Seconds(variant, target, threads) is > 0 and var seconds && rung.Seconds <= seconds));

    private static double Relative(Variant variant) => variant.Quality?.Relative ?? 1;

    // What a run takes by the bundle; 0 where it does not say.
    private static double Seconds(Variant variant, string target, int threads)
    {
        var measured = variant.Latencies.Where(latency => latency.Target == target).ToList();
        var latency = measured.Find(latency => latency.Threads == threads) ?? (measured.Count > 0 ? measured[0] : null);
        return (latency?.Milliseconds ?? 0) / 1000;
    }

    /// <summary>Builds the specialised form of the rung that <see cref="Open"/> would open.</summary>
    /// <returns>Whether it is there now.</returns>
    /// <exception cref="InferenceException">None can be opened, or it cannot be built.</exception>
    public static bool Specialise(InstalledBundle bundle, string policy, string target, ExecutionOptions options, SessionCache cache, ServingOptions serving, CancellationToken cancel) =>
        First(bundle, policy, target, variant => ServedVariant.Specialise(bundle, variant, options, cache, serving, cancel));

    /// <exception cref="InferenceException">None can be opened; the message says why of each.</exception>
    public static ServedVariant Open(InstalledBundle bundle, string policy, string target, ExecutionOptions options, SessionCache cache, ServingOptions serving) =>
        First(bundle, policy, target, variant => ServedVariant.Open(bundle, variant, options, cache, serving));

    private static T First<T>(InstalledBundle bundle, string policy, string target, Func<string, T> use)
    {
        if (policy != ModelSettings.BestVariant) return use(policy);
        var reasons = new List<string>();
        foreach (var variant in Candidates(bundle.Manifest, policy, target))
        {
            try
            {
                return use(variant.Id);
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
