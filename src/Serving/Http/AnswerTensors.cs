using EdgeRuntime.Bundles;

namespace EdgeRuntime.Serving.Http;

/// <summary>What a model answers with where a request names no outputs: what its postprocessing makes, or its own outputs.</summary>
internal static class AnswerTensors
{
    public static IReadOnlyList<TensorSpec> Of(Manifest manifest)
    {
        bool alone = manifest.Postprocessing.Count == 1;
        var made = manifest.Postprocessing.SelectMany(step => Of(step, alone ? "" : step.Output + ".")).ToList();
        return made.Count > 0 ? made : manifest.Outputs;
    }

    private static IEnumerable<TensorSpec> Of(PostprocessStep step, string prefix) => step.Kind switch
    {
        PostprocessStep.Ctc => [Tensor(prefix + "text", ElementType.String, -1), Tensor(prefix + "score", ElementType.Float32, -1)],
        PostprocessStep.TopK when step.Labels is null => [Tensor(prefix + "score", ElementType.Float32, -1, step.K), Tensor(prefix + "index", ElementType.Int64, -1, step.K)],
        PostprocessStep.TopK => [Tensor(prefix + "label", ElementType.String, -1, step.K), Tensor(prefix + "score", ElementType.Float32, -1, step.K), Tensor(prefix + "index", ElementType.Int64, -1, step.K)],
        _ => [],
    };

    private static TensorSpec Tensor(string name, ElementType type, params long[] shape) => new() { Name = name, Type = type, Shape = shape };
}
