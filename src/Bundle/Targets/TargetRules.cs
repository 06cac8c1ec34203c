namespace EdgeRuntime.Bundles;

/// <summary>What must hold of a target; the schema says the same to editors.</summary>
internal static class TargetRules
{
    internal static readonly string[] Architectures = ["x64", "arm64"];
    internal static readonly string[] Providers = ["tensorrt", "cuda", "openvino", "cpu"];
    internal static readonly string[] PrecisionNames = ["int8", "fp16", "fp32"];
    internal static readonly string[] IntegerTypes = ["UINT8", "INT8"];
    internal static readonly string[] BiasForms = ["int32", "float"];

    public static List<string> Problems(Target target)
    {
        var problems = new List<string>();
        if (!Identifier.IsValid(target.Name)) problems.Add($"name '{Identifier.Quote(target.Name)}' is no identifier");
        OneOf("architecture", target.Architecture, Architectures, problems);
        Range("cores", target.Cores, 1, 1024, problems);
        Range("threads", target.Threads, 1, target.Cores, problems);
        Range("memoryBytes", target.MemoryBytes.Bytes, 64 << 20, 1L << 44, problems);
        EachOf("executionProviders", target.ExecutionProviders, Providers, problems);
        EachOf("precisions", target.Precisions, PrecisionNames, problems);
        foreach (var cpu in target.Cpus) Range("cpus", cpu, 0, target.Cores - 1, problems);
        OneOf("int8.activations", target.Int8.Activations, IntegerTypes, problems);
        OneOf("int8.weights", target.Int8.Weights, IntegerTypes, problems);
        OneOf("int8.bias", target.Int8.Bias, BiasForms, problems);
        Range("int8.weightLimit", target.Int8.WeightLimit, 1, 127, problems);
        Range("storage.cacheBytes", target.Storage.CacheBytes.Bytes, 1 << 20, 1L << 44, problems);
        if (!target.Storage.Root.StartsWith('/')) problems.Add($"storage.root '{Identifier.Quote(target.Storage.Root)}' is not absolute");
        if (!target.AllowCpuFallback && target.ExecutionProviders is ["cpu", ..]) problems.Add("allowCpuFallback is false, yet 'cpu' is the first provider");
        return problems;
    }

    private static void EachOf(string path, IReadOnlyList<string> values, string[] known, List<string> problems)
    {
        if (values.Count == 0) problems.Add($"{path} is empty");
        if (values.Distinct().Count() != values.Count) problems.Add($"{path} names one twice");
        foreach (var value in values) OneOf(path, value, known, problems);
    }

    private static void OneOf(string path, string value, string[] known, List<string> problems)
    {
        if (!known.Contains(value)) problems.Add($"{path} '{Identifier.Quote(value)}' is not one of {string.Join(", ", known)}");
    }

    private static void Range(string path, long value, long low, long high, List<string> problems)
    {
        if (value < low || value > high) problems.Add($"{path} {value} is outside {low} to {high}");
    }
}
