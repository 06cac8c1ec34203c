using EdgeRuntime.Bundles;
using EdgeRuntime.Inference;
using EdgeRuntime.Serving.Hosting;
using EdgeRuntime.Serving.Logging;

namespace EdgeRuntime.Serving.Trials;

/// <summary>The trial that a model stands before it is opened here for the first time, and again after it was in quarantine.</summary>
internal sealed class ModelTrial(TrialProcess process, TrialRecord record, EventLog log)
{
    /// <param name="slot">Whose settings the model is opened with.</param>
    /// <param name="bundle">Installed.</param>
    /// <param name="variant">A variant's id, or the policy that chooses one.</param>
    /// <param name="isSuspect">Whether it is tried whatever the record says.</param>
    /// <exception cref="InferenceException">It did not stand it.</exception>
    public void Require(BundleSlot slot, InstalledBundle bundle, string variant, bool isSuspect)
    {
        if (!isSuspect && record.Has(bundle.Digest, variant, ProgramVersion.Text)) return;
        process.Run(slot, bundle, variant);
        log.Info(slot.ToString(), $"{bundle.Manifest.Version} stood its trial in a process of its own");
        try
        {
            record.Add(bundle.Digest, variant, ProgramVersion.Text);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            log.Warning(slot.ToString(), $"its trial is not on record and is held again next time: {error.Message}");
        }
    }
}
