using EdgeRuntime.Bundles;
using EdgeRuntime.Inference.Cache;
using EdgeRuntime.Inference.Sessions;
using EdgeRuntime.Inference.Specialisation;
using Microsoft.ML.OnnxRuntime;

namespace EdgeRuntime.Inference.Serving;

/// <summary>A variant, validated, and all that its sessions are made from. Immutable.</summary>
internal sealed class VariantSource
{
    private readonly InstalledBundle _bundle;
    private readonly ExecutionOptions _options;

    private VariantSource(InstalledBundle bundle, Variant variant, ExecutionOptions options)
    {
        _bundle = bundle;
        _options = options;
        Variant = variant;
        RefuseStrings(Inputs);
        RefuseStrings(Outputs);
        MemoryBudget.Check(Model, variant, options);
        ModelPath = bundle.PathOf(variant.Path);
        var choice = ExecutionProviders.Choose(options);
        Provider = choice.Provider;
        FallbackReason = choice.FallbackReason;
        Key = CacheKey.Of(bundle.VariantDigest(variant.Id).ToString(), options, Provider);
    }

    public Variant Variant { get; }

    public string Model => _bundle.Manifest.Name;

    public string ModelPath { get; }

    public IReadOnlyList<TensorSpec> Inputs => _bundle.Manifest.Inputs;

    public IReadOnlyList<TensorSpec> Outputs => _bundle.Manifest.Outputs;

    public string Provider { get; }

    public string? FallbackReason { get; }

    public CacheKey Key { get; }

    public static VariantSource Of(InstalledBundle bundle, string variantId, ExecutionOptions options)
    {
        var variant = bundle.Manifest.Variants.FirstOrDefault(variant => variant.Id == variantId)
            ?? throw new InferenceException(InferenceError.ModelInvalid,
                $"model '{bundle.Manifest.Name}' has no variant '{variantId}', only {string.Join(", ", bundle.Manifest.Variants.Select(variant => $"'{variant.Id}'"))}");
        return new VariantSource(bundle, variant, options);
    }

    /// <summary>A session whose inputs and outputs are those that the manifest states.</summary>
    public InferenceSession Open(string modelPath, LoadMode mode)
    {
        var session = SessionFactory.Open(modelPath, mode, _options, Provider);
        try
        {
            Require(session.InputMetadata, Inputs, "input");
            Require(session.OutputMetadata, Outputs, "output");
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    public SpecialisationRequest Request() => new()
    {
        ModelPath = ModelPath,
        WeightBytes = Directory.EnumerateFiles(Path.GetDirectoryName(ModelPath)!).Sum(path => new FileInfo(path).Length),
        Inputs = Inputs,
        Outputs = Outputs,
        Sample = () => SampleInputs.Of(_bundle),
        Options = _options,
        Provider = Provider,
        Key = Key,
    };

    private static void Require(IReadOnlyDictionary<string, NodeMetadata> actual, IReadOnlyList<TensorSpec> stated, string what)
    {
        foreach (var tensor in stated)
        {
            if (!actual.TryGetValue(tensor.Name, out var found)) throw Invalid($"has no {what} '{tensor.Name}', which the manifest states");
            if (!found.IsTensor || (int)found.ElementDataType != (int)tensor.Type) throw Invalid($"has another type of {what} '{tensor.Name}' than the manifest's {tensor.Type}");
        }
        if (what == "input" && actual.Count != stated.Count) throw Invalid($"has {actual.Count} inputs, the manifest {stated.Count}");
    }

    private static void RefuseStrings(IEnumerable<TensorSpec> tensors)
    {
        foreach (var tensor in tensors)
        {
            if (TensorSize.OfElement(tensor.Type) == 0)
                throw new InferenceException(InferenceError.TypeMismatch, $"tensor '{tensor.Name}' has the type {tensor.Type}, which is not served");
        }
    }

    private static InferenceException Invalid(string what) => new(InferenceError.ModelInvalid, $"the model {what}");
}
