using EdgeRuntime.Bundles;
using EdgeRuntime.Packaging.Import;

namespace EdgeRuntime.Packaging.Passes;

/// <summary>Refuses a model with NaN among its weights: whatever it answers, it is no answer. Changes nothing.</summary>
internal sealed class CheckWeights : IPass
{
    public string Name => "check-weights";

    public string? Apply(OnnxModel model)
    {
        foreach (var tensor in GraphWalk.Tensors(model.Graph))
        {
            if (!FloatScan.Reads(tensor.DataType)) continue;
            var range = FloatScan.Of(model.ContentOf(tensor), tensor.DataType);
            if (range.NotNumbers > 0)
                throw new PackagerException($"{model.Origin}: tensor '{Identifier.Quote(tensor.Name)}' holds {range.NotNumbers} NaN among its {range.Count} weights, none is allowed");
        }
        return null;
    }
}
