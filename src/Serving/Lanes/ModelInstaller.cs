using EdgeRuntime.Bundles;
using EdgeRuntime.Inference;
using EdgeRuntime.Serving.Configuration;
using EdgeRuntime.Serving.Logging;
using EdgeRuntime.Serving.Trials;

namespace EdgeRuntime.Serving.Lanes;

/// <summary>
/// Makes a model ready for service: install -> trial -> specialise, where another serves meanwhile -> open -> self-test -> activate where its source holds
/// another bundle than the active one, else just open. A source that cannot be used leaves the active bundle in service. Not thread-safe: models are loaded one after the other.
/// </summary>
internal sealed class ModelInstaller(BundleStore store, TrustPolicy trust, Target target, SessionCache cache, ModelTrial? trial, EventLog log)
{
    /// <summary>The most that one run of a self-test may take.</summary>
    public static readonly TimeSpan TestBudget = TimeSpan.FromSeconds(60);

    /// <summary>The most that the form a variant keeps may take to build before it serves in the one that it has.</summary>
    public static readonly TimeSpan LongestPreparation = TimeSpan.FromMinutes(2);

    /// <summary>The most that a self-test may take.</summary>
    public static TimeSpan TestPatience(Manifest manifest) => TestBudget * (manifest.Golden.Count + 1);

    /// <summary>Waits for what runs a model that may hang, for as long as its self-test may take; the thread is lost where it does.</summary>
    /// <exception cref="InferenceException">It did not end by then.</exception>
    public static T Within<T>(Manifest manifest, string what, Task<T> work)
    {
        var patience = TestPatience(manifest);
        return ((IAsyncResult)work).AsyncWaitHandle.WaitOne(patience)
            ? work.GetAwaiter().GetResult()
            : throw new InferenceException(InferenceError.ExecutionFailed, $"{what} of model '{manifest.Name}' did not end within {patience.TotalSeconds:f0} s");
    }

    /// <param name="order">What, and how.</param>
    /// <param name="complaint">Why its source was refused, where the active bundle serves in its place; else null.</param>
    /// <returns>The model, the caller's; null where what is in service is just that.</returns>
    /// <exception cref="BundleException">There is neither a usable source nor an active bundle.</exception>
    /// <exception cref="InferenceException">The bundle's model cannot be served.</exception>
    public ServedModel? Load(LoadOrder order, out string? complaint)
    {
        complaint = null;
        if (order.Settings.Source is not { } source) return OpenActive(order);
        try
        {
            return LoadSource(order, source);
        }
        catch (Exception error) when (error is BundleException or InferenceException && store.HasActive(order.Settings.Slot))
        {
            complaint = $"{error.Message}; the active bundle stays in service";
            log.Error(order.Settings.Slot.ToString(), complaint);
            return OpenActive(order);
        }
    }

    private ServedModel? LoadSource(LoadOrder order, string source)
    {
        var installed = order.InBackground ? BackgroundWork.Run("install", () => Install(order.Settings, source)) : Install(order.Settings, source);
        return installed is null ? OpenActive(order) : Activate(order, installed);
    }

    /// <summary>The bundle of a source; null where it is the active one already.</summary>
    private InstalledBundle? Install(ModelSettings settings, string source)
    {
        using var bundle = VerifiedBundle.Open(source, trust);
        if (bundle.Manifest.Name != settings.Name)
            throw new BundleException(BundleError.InvalidName, $"{source} is bundle '{bundle.Manifest.Name}', the configuration names model '{settings.Name}'");
        if (!settings.Slot.Takes(bundle.Manifest))
            throw new BundleException(BundleError.InvalidName, $"{source} has the version {bundle.Manifest.Version}, the configuration names version {settings.Version} of model '{settings.Name}'");
        if (store.IsActive(settings.Slot, bundle.Digest)) return null;
        log.Info(settings.Slot.ToString(), $"installing {bundle.Manifest.Version} ({bundle.Digest.ToString()[..12]}, {bundle.Size}) from {source}");
        return store.Install(bundle, trust, target.Name, slot: settings.Slot);
    }

    private ServedModel Activate(LoadOrder order, InstalledBundle installed) => Open(installed, order, model =>
    {
        var worst = Test(model.Bundle, model.Variant, order.InBackground);
        store.Activate(installed, order.Settings.Slot);
        store.RemoveUnused(order.IsKept);
        log.Info(order.Settings.Slot.ToString(), $"self-test passed on {installed.Manifest.Golden.Count} golden vectors (cosine {worst.Cosine:f6}); active");
    });

    private ServedModel? OpenActive(LoadOrder order)
    {
        var slot = order.Settings.Slot;
        var active = store.Active(slot, trust) ?? throw new BundleException(BundleError.NotInstalled,
            $"model '{slot}' has no source and no active bundle in {store.Root}: give a source, or flash a bundle");
        if (order.InService is { } current && current.Bundle.Digest == active.Digest && Served(current.Settings) == Served(order.Settings)) return null;
        if (!store.IsActive(slot, active.Digest)) return Activate(order, active); // flashed under its name, and from now on kept beside it
        return Open(active, order, order.Tests ? model => Test(model.Bundle, model.Variant, order.InBackground) : static _ => { });
    }

    // What of the settings a model in service is made from.
    private static ModelSettings Served(ModelSettings settings) => settings with
    {
        Source = null,
        Elsewhere = null,
        IsDefault = false,
        Pinned = false,
        LatencyTarget = null,
        BatchMost = ModelSettings.UsualBatch,
        Weight = 1,
    };

    /// <summary>Opens a further rung of a model in service: trial -> open -> self-test, which warms it up as well.</summary>
    /// <returns>The variant, the caller's.</returns>
    /// <exception cref="InferenceException">It cannot be served.</exception>
    public ServedVariant OpenRung(BundleSlot slot, ServedModel model, ServedRung rung)
    {
        trial?.Require(slot, model.Bundle, rung.Id, rung.IsSuspect);
        var variant = model.OpenVariant(rung);
        try
        {
            Test(model.Bundle, variant, isInBackground: true);
            return variant;
        }
        catch
        {
            variant.Dispose();
            throw;
        }
    }

    // What does not stand the check is closed again.
    private ServedModel Open(InstalledBundle bundle, LoadOrder order, Action<ServedModel> check)
    {
        var settings = order.MakeRoom(bundle, order.Settings);
        trial?.Require(order.Settings.Slot, bundle, settings.Variant, isSuspect: order.Tests);
        if (order.InService is not null) Specialise(bundle, settings, order);
        var model = ServedModel.Open(bundle, order.Settings, settings, target, cache, order.Serving);
        try
        {
            check(model);
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    // What is in service serves on until the form is built that the next one keeps: its plain form may take half as long again, and to open it takes from what
    // is served. Where it cannot be built, the variant itself tries again once it serves, and says why.
    private void Specialise(InstalledBundle bundle, ModelSettings settings, LoadOrder order)
    {
        var end = CancellationTokenSource.CreateLinkedTokenSource(order.Closing);
        var building = BackgroundWork.RunAsync("specialise", () => LadderChoice.Specialise(bundle, settings.Variant, target.Name, ThisMachine.Options(target, settings), cache, order.Serving, end.Token));
        if (WaitHandle.WaitAny([((IAsyncResult)building).AsyncWaitHandle, order.Closing.WaitHandle], LongestPreparation) == 0) end.Dispose();
        else end.Cancel();
        if (!building.IsCompletedSuccessfully) log.Debug(order.Settings.Slot.ToString(), $"not specialised before it serves: {building.Exception?.InnerException?.Message ?? $"not within {LongestPreparation.TotalMinutes:f0} minutes"}");
    }

    // On a thread of its own, which is lost where the model hangs. It warms the model up as well: weights are read, the arena has its size.
    private static GoldenAgreement Test(InstalledBundle bundle, ServedVariant variant, bool isInBackground)
    {
        var test = isInBackground
            ? BackgroundWork.RunAsync("self-test", Run)
            : Task.Factory.StartNew(Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        return Within(bundle.Manifest, "the self-test", test);

        GoldenAgreement Run() => SelfTest.Run(bundle, variant, TestBudget);
    }
}
