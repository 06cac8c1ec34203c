using EdgeRuntime.Bundles;
using EdgeRuntime.Device.Configuration;
using EdgeRuntime.Device.Logging;
using EdgeRuntime.Inference;

namespace EdgeRuntime.Device.Serving;

/// <summary>
/// Brings a model into service: install -> open -> self-test -> activate where its source holds another bundle than the active one, else just open.
/// A source that cannot be used leaves the active bundle in service. Not thread-safe: models are loaded one after the other.
/// </summary>
internal sealed class ModelInstaller(BundleStore store, TrustPolicy trust, Target target, SessionCache cache, ServingOptions serving, EventLog log)
{
    /// <param name="settings">The model.</param>
    /// <param name="complaint">Why its source was refused, where the active bundle serves in its place; else null.</param>
    /// <exception cref="BundleException">There is neither a usable source nor an active bundle.</exception>
    /// <exception cref="InferenceException">The bundle's model cannot be served.</exception>
    public ServedModel Load(ModelSettings settings, out string? complaint)
    {
        complaint = null;
        if (settings.Source is not { } source) return OpenActive(settings);
        try
        {
            return LoadSource(settings, source);
        }
        catch (Exception error) when (error is BundleException or InferenceException && store.Models.ContainsKey(settings.Name))
        {
            complaint = $"{error.Message}; the active bundle stays in service";
            log.Error(settings.Name, complaint);
            return OpenActive(settings);
        }
    }

    private ServedModel LoadSource(ModelSettings settings, string source)
    {
        using var bundle = VerifiedBundle.Open(source, trust);
        if (bundle.Manifest.Name != settings.Name)
            throw new BundleException(BundleError.InvalidName, $"{source} is bundle '{bundle.Manifest.Name}', the configuration names model '{settings.Name}'");
        if (store.Models.TryGetValue(settings.Name, out var record) && record.Active == bundle.Digest) return OpenActive(settings);
        log.Info(settings.Name, $"installing {bundle.Manifest.Version} ({bundle.Digest.ToString()[..12]}, {bundle.Size}) from {source}");
        var installed = store.Install(bundle, trust, target.Name);
        var model = Open(installed, settings);
        try
        {
            var worst = SelfTest.Run(installed, model.Variant);
            store.Activate(installed);
            store.RemoveUnused();
            log.Info(settings.Name, $"self-test passed on {installed.Manifest.Golden.Count} golden vectors (cosine {worst.Cosine:f6}); active");
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    private ServedModel OpenActive(ModelSettings settings) => Open(
        store.Active(settings.Name, trust)
            ?? throw new BundleException(BundleError.NotInstalled, $"model '{settings.Name}' has no source and no active bundle in {store.Root}: give a source, or flash a bundle"),
        settings);

    private ServedModel Open(InstalledBundle bundle, ModelSettings settings) => ServedModel.Open(bundle, settings, target, cache, serving);
}
