using EdgeRuntime.Bundles;
using EdgeRuntime.Inference;
using EdgeRuntime.Packaging.Building;
using EdgeRuntime.Packaging.Measurement;

namespace EdgeRuntime.Packaging.Flashing;

/// <summary>Install, self-test, activate. Each step can be repeated: what was done already is found and left, what was damaged is made good.</summary>
internal sealed class FolderFlash(string root, TrustPolicy trust, BuildLog log, CancellationToken cancel)
{
    /// <exception cref="BundleException">The bundle is not trusted, not for the target, older than what was active, or there is no space.</exception>
    /// <exception cref="InferenceException">A variant does not give its golden answers here; nothing is activated.</exception>
    public void Run(string path, string? target)
    {
        using var bundle = VerifiedBundle.Open(path, trust);
        var store = new BundleStore(root);
        var name = bundle.Manifest.Name;
        var there = store.IsInstalled(name, bundle.Digest);
        var installed = store.Install(bundle, trust, target, (done, total) => log.Progress("installing", done, total));
        log.Say($"{name} {bundle.Manifest.Version}: {(there ? "was installed already, all entries are right now" : "installed")} in {installed.Folder}");
        Test(installed, target);
        var before = store.Models.GetValueOrDefault(name)?.Active;
        store.Activate(installed);
        store.RemoveUnused();
        log.Say(before == bundle.Digest ? $"{name}: was active already" : $"{name}: active, before {(before is null ? "nothing" : before.ToString())}");
    }

    private void Test(InstalledBundle bundle, string? named)
    {
        var targets = (named is null ? bundle.Manifest.Targets : [named]).Select(Known).OfType<Target>().ToList();
        var target = targets.FirstOrDefault(target => MachineKind.Refusal(target) is null);
        if (target is null)
        {
            log.Say($"self-test left to the device: {string.Join("; ", targets.Select(MachineKind.Refusal))}");
            return;
        }
        using var scratch = WorkFolder.Temporary();
        using var cache = new SessionCache(scratch.Path);
        foreach (var variant in bundle.Manifest.Variants.Where(variant => variant.Target is null || variant.Target == target.Name)) Test(bundle, variant.Id, target, cache);
    }

    private void Test(InstalledBundle bundle, string variant, Target target, SessionCache cache)
    {
        using var served = ServedVariant.Open(bundle, variant, ExecutionOptions.From(target) with { Cpus = [] }, cache, new ServingOptions { Specialise = false });
        var agreement = SelfTest.Run(bundle, served, cancel: cancel);
        log.Say($"self-test of {variant} as {target.Name} on {served.Provider}: cosine {agreement.Cosine:f6}, off by up to {agreement.Absolute:g3}");
    }

    /// <summary>Null for a target that only has a file, which is not here.</summary>
    private static Target? Known(string name) => TargetFile.BuiltIn.Contains(name) || name.Contains('/') ? Target.Load(name) : null;
}
