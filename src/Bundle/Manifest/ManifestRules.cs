namespace EdgeRuntime.Bundles;

/// <summary>What must hold of a manifest beyond its form. Every violation is reported, not just the first.</summary>
internal static class ManifestRules
{
    private const int MaximumProblems = 20, MaximumDimensions = 16, MaximumTensors = 256, MaximumVariants = 128;

    /// <exception cref="BundleException">With all problems, one a line.</exception>
    public static void Require(Manifest manifest)
    {
        var problems = new List<string>();
        Identity(manifest, problems);
        Entries(manifest, problems);
        Tensors("inputs", manifest.Inputs, problems);
        Tensors("outputs", manifest.Outputs, problems);
        Ladder(manifest, problems);
        Steps(manifest, problems);
        if (problems.Count > 0)
            throw new BundleException(BundleError.InvalidManifest, "manifest.json: " + string.Join("\n  ", problems.Take(MaximumProblems)));
    }

    private static void Identity(Manifest manifest, List<string> problems)
    {
        if (!Identifier.IsValid(manifest.Name)) problems.Add($"name '{Identifier.Quote(manifest.Name)}' is no identifier");
        if (!Identifier.IsValid(manifest.Version)) problems.Add($"version '{Identifier.Quote(manifest.Version)}' is no identifier");
        if (manifest.Sequence < 0) problems.Add($"sequence {manifest.Sequence} is negative");
        if (manifest.Targets.Count is 0 or > 64) problems.Add($"targets holds {manifest.Targets.Count} names, 1 to 64 are allowed");
        foreach (var target in manifest.Targets)
            if (!Identifier.IsValid(target)) problems.Add($"target '{Identifier.Quote(target)}' is no identifier");
        if (manifest.Thresholds is { } thresholds && !(thresholds.MinRelative is >= 0 and <= 10))
            problems.Add($"thresholds.minRelative {thresholds.MinRelative} is outside 0 to 10");
    }

    private static void Entries(Manifest manifest, List<string> problems)
    {
        if (manifest.Entries.Count > EntryNames.MaximumCount)
            problems.Add($"entries holds {manifest.Entries.Count} names, over the limit of {EntryNames.MaximumCount}");
        var folded = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { EntryNames.Manifest, EntryNames.Signatures };
        foreach (var (name, info) in manifest.Entries)
        {
            if (EntryNames.Refusal(name) is { } reason) problems.Add($"entry '{Identifier.Quote(name)}' {reason}");
            if (!folded.Add(name)) problems.Add($"entry '{Identifier.Quote(name)}' is another's name, or differs from it only in case");
            if (info.Size < 0) problems.Add($"entry '{Identifier.Quote(name)}' has the size {info.Size}");
        }
        foreach (var name in manifest.Entries.Keys)
            for (var slash = name.LastIndexOf('/'); slash > 0; slash = name.LastIndexOf('/', slash - 1))
                if (folded.Contains(name[..slash])) problems.Add($"entry '{Identifier.Quote(name[..slash])}' is a file and a folder at once");
    }

    private static void Tensors(string list, IReadOnlyList<TensorSpec> tensors, List<string> problems)
    {
        if (tensors.Count is 0 or > MaximumTensors) problems.Add($"{list} holds {tensors.Count} tensors, 1 to {MaximumTensors} are allowed");
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var tensor in tensors)
        {
            if (tensor.Name.Length is 0 or > 512) problems.Add($"{list}: a name has {tensor.Name.Length} characters, 1 to 512 are allowed");
            if (!names.Add(tensor.Name)) problems.Add($"{list}: '{Identifier.Quote(tensor.Name)}' stands twice");
            if (tensor.Shape.Count > MaximumDimensions) problems.Add($"{list}: '{Identifier.Quote(tensor.Name)}' has {tensor.Shape.Count} dimensions, over the limit of {MaximumDimensions}");
            if (tensor.Shape.Any(size => size < -1)) problems.Add($"{list}: '{Identifier.Quote(tensor.Name)}' has a negative size other than -1");
            if (tensor.Padding is { } rule) Padding(list, tensor, rule, problems);
        }
    }

    private static void Padding(string list, TensorSpec tensor, PaddingRule rule, List<string> problems)
    {
        var name = Identifier.Quote(tensor.Name);
        if (rule.Axis < 0 || rule.Axis >= tensor.Shape.Count) problems.Add($"{list}: '{name}' pads axis {rule.Axis} of {tensor.Shape.Count}");
        if (rule.Buckets.Count is 0 or > 256) problems.Add($"{list}: '{name}' has {rule.Buckets.Count} buckets, 1 to 256 are allowed");
        if (rule.Buckets.Any(size => size <= 0) || rule.Buckets.Zip(rule.Buckets.Skip(1)).Any(pair => pair.First >= pair.Second))
            problems.Add($"{list}: '{name}' has buckets that do not ascend from above 0");
        if (!double.IsFinite(rule.Value)) problems.Add($"{list}: '{name}' pads with {rule.Value}");
    }

    private static void Ladder(Manifest manifest, List<string> problems)
    {
        if (manifest.Variants.Count is 0 or > MaximumVariants) problems.Add($"variants holds {manifest.Variants.Count}, 1 to {MaximumVariants} are allowed");
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var variant in manifest.Variants)
        {
            var id = Identifier.Quote(variant.Id);
            if (!Identifier.IsValidVariant(variant.Id)) problems.Add($"variant '{id}' is no identifier");
            if (!ids.Add(variant.Id)) problems.Add($"variant '{id}' stands twice");
            if (variant.Path != $"variants/{variant.Id}/model.onnx") problems.Add($"variant '{id}' has the path '{Identifier.Quote(variant.Path)}', not variants/{id}/model.onnx");
            if (!manifest.Entries.ContainsKey(variant.Path)) problems.Add($"variant '{id}': no entry '{Identifier.Quote(variant.Path)}'");
            if (variant.Target is { } target && !manifest.Targets.Contains(target)) problems.Add($"variant '{id}' is for target '{Identifier.Quote(target)}', which the bundle does not name");
            if (variant.Parent is { } parent && manifest.Variants.All(other => other.Id != parent)) problems.Add($"variant '{id}': no parent '{Identifier.Quote(parent)}'");
            if (variant.Bytes.Bytes < 0 || variant.PeakMemory.Bytes < 0) problems.Add($"variant '{id}' has a negative size");
            if (!Figures(variant).All(double.IsFinite)) problems.Add($"variant '{id}' states a figure that is no finite number");
        }
    }

    private static IEnumerable<double> Figures(Variant variant) =>
    [
        variant.GoldenMinCosine, variant.GoldenMaxAbsolute, .. variant.Latencies.Select(latency => latency.Milliseconds),
        .. variant.Quality is { } quality ? (double[])[quality.Value, quality.Relative, quality.Low, quality.High] : [],
    ];

    private static void Steps(Manifest manifest, List<string> problems)
    {
        if (manifest.Preprocess is { } preprocess)
        {
            if (!manifest.Entries.ContainsKey(preprocess.Path)) problems.Add($"preprocess: no entry '{Identifier.Quote(preprocess.Path)}'");
            if (manifest.Inputs.All(input => input.Name != preprocess.Input)) problems.Add($"preprocess: no input '{Identifier.Quote(preprocess.Input)}'");
            if (preprocess.ContentTypes.Count is 0 or > 16) problems.Add($"preprocess.contentTypes holds {preprocess.ContentTypes.Count}, 1 to 16 are allowed");
        }
        foreach (var twice in manifest.Postprocessing.Where(step => step.Kind != PostprocessStep.Raw).GroupBy(step => step.Output).Where(steps => steps.Count() > 1))
            problems.Add($"postprocessing: output '{Identifier.Quote(twice.Key)}' has {twice.Count()} steps that name answers, one is allowed");
        foreach (var step in manifest.Postprocessing)
        {
            if (step.Kind is not (PostprocessStep.Raw or PostprocessStep.TopK or PostprocessStep.Ctc)) problems.Add($"postprocessing: unknown kind '{Identifier.Quote(step.Kind)}'");
            if (manifest.Outputs.All(output => output.Name != step.Output)) problems.Add($"postprocessing: no output '{Identifier.Quote(step.Output)}'");
            if (step.Labels is { } labels && !manifest.Entries.ContainsKey(labels)) problems.Add($"postprocessing: no entry '{Identifier.Quote(labels)}'");
            if (step.Kind == PostprocessStep.TopK && step.K is (< 1 or > 1000)) problems.Add($"postprocessing: k is {step.K}, 1 to 1000 are allowed");
            if (step.Blank < 0) problems.Add($"postprocessing: blank is {step.Blank}");
        }
        foreach (var golden in manifest.Golden)
            foreach (var entry in (string[])[golden.Inputs, golden.Outputs])
                if (!manifest.Entries.ContainsKey(entry)) problems.Add($"golden: no entry '{Identifier.Quote(entry)}'");
    }
}
