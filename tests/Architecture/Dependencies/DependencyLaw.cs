namespace EdgeRuntime.Architecture.Tests.Dependencies;

/// <summary>One part of src/ and those of ours that it refers to.</summary>
internal sealed record Part(string Name, IReadOnlyCollection<string> Uses);

/// <summary>
/// Who may depend on whom. Bundle and Messaging depend on nothing of ours; Inference on Bundle and OnnxRuntime; Serving, the insides of the
/// two programs that serve, on those; programs on libraries, never on each other.
/// </summary>
internal static class DependencyLaw
{
    private static readonly string[] Libraries = ["OnnxRuntime", "Bundle", "Inference", "Messaging"];

    private static readonly Dictionary<string, string[]> MayUse = new(StringComparer.Ordinal)
    {
        ["OnnxRuntime"] = [],
        ["Bundle"] = [],
        ["Messaging"] = [],
        ["Inference"] = ["Bundle", "OnnxRuntime"],
        ["Serving"] = Libraries,
        ["EdgeRuntime"] = [.. Libraries, "Serving"],
        ["Packager"] = Libraries,
        ["Offload"] = [.. Libraries, "Serving"],
    };

    /// <summary>What breaks the law, one text each.</summary>
    public static IEnumerable<string> Violations(IEnumerable<Part> parts)
    {
        foreach (var part in parts)
        {
            if (!MayUse.TryGetValue(part.Name, out var allowed))
            {
                yield return $"'{part.Name}' has no place in the dependency law";
                continue;
            }
            foreach (var used in part.Uses.Where(used => !allowed.Contains(used)))
                yield return $"'{part.Name}' uses '{used}'; it may use {(allowed.Length == 0 ? "nothing of ours" : string.Join(", ", allowed))}";
        }
    }
}
