using EdgeRuntime.Bundles;
using EdgeRuntime.Inference;

namespace EdgeRuntime.Serving.Lanes.Batching;

/// <summary>Two requests such as a bundle is tested with, which could share a run.</summary>
internal static class GoldenPair
{
    private const int MostRows = 8; // of one: larger ones say no more

    /// <returns>The same one twice where no two fit; null where the bundle holds none.</returns>
    /// <exception cref="BundleException">They cannot be read.</exception>
    /// <exception cref="InferenceException">An input has no array.</exception>
    public static (BatchMember First, BatchMember Second)? Read(InstalledBundle bundle, BatchRules rules)
    {
        BatchMember? first = null, again = null;
        foreach (var golden in bundle.Manifest.Golden)
        {
            var arrays = GoldenInputs.Read(bundle, golden, rules.Inputs);
            var member = Member(arrays);
            if (first is not null && member.Inputs.Fits(first.Inputs, rules)) return (first, member);
            if (first is null && member.Inputs.Rows <= MostRows) (first, again) = (member, Member(arrays));
        }
        return first is null ? null : (first, again!);
    }

    private static BatchMember Member(IReadOnlyList<NamedArray> arrays)
    {
        var member = new BatchMember(arrays.Count);
        member.Inputs.Begin(arrays);
        return member;
    }
}
