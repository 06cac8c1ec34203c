using EdgeRuntime.Bundles;
using EdgeRuntime.Packaging.Variants;

namespace EdgeRuntime.Packaging.Building;

/// <summary>What came of the variants of one build, in their order.</summary>
internal sealed class Ladder
{
    public List<LadderRung> Accepted { get; } = [];

    public List<RefusedVariant> Refused { get; } = [];
}

/// <summary>A variant that is good enough.</summary>
internal sealed record LadderRung(MadeVariant Made, Quality Quality);
