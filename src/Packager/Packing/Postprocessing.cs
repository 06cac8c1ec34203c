using System.Runtime.InteropServices;
using EdgeRuntime.Bundles;
using EdgeRuntime.Inference;
using EdgeRuntime.Packaging.Building;

namespace EdgeRuntime.Packaging.Packing;

/// <summary>The postprocessing that a manifest states, checked against labels and an answer of the model.</summary>
internal static class Postprocessing
{
    public const string LabelsEntry = "labels.txt";
    private const double SumTolerance = 1e-3;

    /// <param name="request">Says which kind.</param>
    /// <param name="labels">Null where there are none.</param>
    /// <param name="answer">The outputs of one run.</param>
    /// <exception cref="PackagerException">The labels are not those of the model, or no output has the form that the kind wants.</exception>
    public static IReadOnlyList<PostprocessStep> Steps(BuildRequest request, Labels? labels, IReadOnlyList<NamedArray> answer) => request.Postprocess switch
    {
        PostprocessStep.TopK => [TopK(request, labels, answer[Output(answer, PostprocessStep.TopK)])],
        PostprocessStep.Ctc => [Ctc(request, labels, answer[Output(answer, PostprocessStep.Ctc)])],
        _ => [.. answer.Select(output => new PostprocessStep { Kind = PostprocessStep.Raw, Output = output.Name })],
    };

    /// <summary>The place of the output that a kind reads: the first of floats with as many dimensions as it needs.</summary>
    public static int Output(IReadOnlyList<NamedArray> answer, string kind)
    {
        var needed = kind == PostprocessStep.Ctc ? 3 : 2;
        for (var i = 0; i < answer.Count; i++)
            if (answer[i].Type is ElementType.Float32 && answer[i].Shape.Length >= needed) return i;
        throw new PackagerException($"{kind} reads an output FP32 of at least {needed} dimensions, the model gives {string.Join("; ", answer)}");
    }

    private static PostprocessStep TopK(BuildRequest request, Labels? labels, NamedArray output)
    {
        var classes = output.Count / Math.Max(1, output.Shape[0]);
        if (labels is not null && labels.Count != classes)
            throw new PackagerException($"{request.Labels} holds {labels.Count} labels, the model's output '{output.Name}' has {classes} classes");
        return new PostprocessStep
        {
            Kind = PostprocessStep.TopK,
            Output = output.Name,
            K = (int)Math.Min(request.TopK, classes),
            Labels = labels is null ? null : LabelsEntry,
            Softmax = !AreProbabilities(output, classes),
        };
    }

    private static PostprocessStep Ctc(BuildRequest request, Labels? labels, NamedArray output)
    {
        if (labels is null) throw new PackagerException("ctc turns classes into characters: give them with --labels");
        var classes = output.Shape[^1];
        if (new CtcDecoder(labels).Explain(classes) is { } reason) throw new PackagerException($"{request.Labels} does not fit output '{output.Name}': {reason}");
        return new PostprocessStep { Kind = PostprocessStep.Ctc, Output = output.Name, Labels = LabelsEntry, Blank = 0, Softmax = !AreProbabilities(output, classes) };
    }

    /// <summary>Whether every row of classes already sums to 1.</summary>
    private static bool AreProbabilities(NamedArray output, long classes)
    {
        var values = MemoryMarshal.Cast<byte, float>(output.Data);
        for (; values.Length >= classes && classes > 0; values = values[(int)classes..])
        {
            double sum = 0;
            foreach (var value in values[..(int)classes])
            {
                if (!(value >= 0)) return false;
                sum += value;
            }
            if (Math.Abs(sum - 1) > SumTolerance) return false;
        }
        return true;
    }
}
