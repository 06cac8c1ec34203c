using EdgeRuntime.Bundles;
using EdgeRuntime.Inference;
using EdgeRuntime.Messaging.OpenInference;
using EdgeRuntime.Serving.Configuration;

namespace EdgeRuntime.Serving.Lanes;

/// <summary>An installed bundle with rungs of its ladder in service. Immutable but for those and their variants' forms; runners are made from it. Thread-safe.</summary>
internal sealed partial class ServedModel : IDisposable
{
    private readonly ImagePreprocessor? _preprocessor;
    private readonly int _imageInput;
    private readonly byte[] _version;

    private ServedModel(InstalledBundle bundle, ServedVariant first, IReadOnlyList<ServedRung> ladder, Func<string, ServedVariant> open, ModelSettings settings, IReadOnlyList<int> cpus, bool takesImages)
    {
        (Bundle, Cpus, Settings) = (bundle, cpus, settings);
        (Ladder, _open, _rungs, _last) = (ladder, open, [ladder[0]], first);
        ladder[0].Shared = new SharedVariant(first);
        _version = System.Text.Encoding.ASCII.GetBytes(Version);
        Inputs = new TensorNames(bundle.Manifest.Inputs);
        Outputs = new TensorNames(bundle.Manifest.Outputs);
        if (!takesImages || bundle.Manifest.Preprocess is not { } step) return;
        if (Inputs.Count != 1) throw new InferenceException(InferenceError.ModelInvalid, $"bundle '{Name}' has a preprocess graph and {Inputs.Count} inputs; an image can fill one only");
        for (_imageInput = 0; bundle.Manifest.Inputs[_imageInput].Name != step.Input; _imageInput++) { }
        _preprocessor = ImagePreprocessor.Open(bundle.PathOf(step.Path));
    }

    public InstalledBundle Bundle { get; }

    /// <summary>Of the best rung that is open.</summary>
    public ServedVariant Variant => Volatile.Read(ref _last);

    public TensorNames Inputs { get; }
    public TensorNames Outputs { get; }
    public string Name => Bundle.Manifest.Name;
    public string Version => Bundle.Manifest.Version;

    /// <summary>What it was opened with.</summary>
    public ModelSettings Settings { get; }

    /// <summary>Whether answers that are not numbers are failures.</summary>
    public bool ChecksFinite => Settings.CheckFinite;

    /// <summary>What its open rungs need: their weights, which are mapped, and what comes on top.</summary>
    public ByteCount Memory => new(_rungs.Sum(static rung => rung.Memory.Bytes));

    /// <summary>The CPUs that its workers keep to; empty for all.</summary>
    public IReadOnlyList<int> Cpus { get; }

    /// <param name="bundle">Installed, and so verified.</param>
    /// <param name="settings">Which variant, and within what.</param>
    /// <param name="target">This machine's.</param>
    /// <param name="cache">Where specialised forms are.</param>
    /// <param name="serving">How it is kept in service.</param>
    /// <param name="takesImages">Whether the bundle's preprocess graph is opened, where it has one; no image is taken without.</param>
    /// <exception cref="InferenceException">No variant is for this target or within the budget, or it cannot be loaded.</exception>
    public static ServedModel Open(InstalledBundle bundle, ModelSettings settings, Target target, SessionCache cache, ServingOptions serving, bool takesImages = true) =>
        Open(bundle, settings, settings, target, cache, serving, takesImages);

    /// <summary>As above, where what is opened is narrower than what was asked for: a rung that there is room for.</summary>
    public static ServedModel Open(
        InstalledBundle bundle, ModelSettings asked, ModelSettings settings, Target target, SessionCache cache, ServingOptions serving, bool takesImages = true)
    {
        var options = ThisMachine.Options(target, settings);
        var variant = LadderChoice.Open(bundle, settings.Variant, target.Name, options, cache, serving);
        try
        {
            var ladder = LadderChoice.Rungs(bundle.Manifest, variant.Id, asked, target.Name, options);
            return new ServedModel(bundle, variant, ladder, id => ServedVariant.Open(bundle, id, options, cache, serving), asked, options.Cpus, takesImages);
        }
        catch
        {
            variant.Dispose();
            throw;
        }
    }

    /// <summary>Whether it is what a request asked for, which was chosen by what served when the request came: another may have taken its place.</summary>
    public Outcome Check(in VersionText asked) => asked.Allows(_version) ? Outcome.Ok
        : new Outcome(RefusalReason.UnknownVersion, $"model '{Name}' has no version '{asked}' any more: '{Version}' took its place");

    public InputBinder CreateBinder() => new(Inputs, Name, _preprocessor?.Fork(), _imageInput);

    public void Dispose()
    {
        _preprocessor?.Dispose();
        CloseAll();
    }
}
