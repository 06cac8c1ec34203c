using EdgeRuntime.Bundles;

namespace EdgeRuntime.Packaging.Data;

/// <summary>One set of a model's inputs, batch axis included, in the model's order; and the right answer where it is known.</summary>
internal sealed record Sample(string Name, IReadOnlyList<NamedArray> Inputs, Answer Answer);

/// <summary>The right answer: a text (of labels.tsv), or numbers (of an array <c>labels</c>); neither where only inputs are given.</summary>
internal readonly record struct Answer(string? Text, NamedArray? Numbers)
{
    public bool IsKnown => Text is not null || Numbers is not null;
}

/// <summary>Reads samples for one worker; not thread-safe.</summary>
internal interface ISampleReader : IDisposable
{
    /// <exception cref="PackagerException">The sample cannot be used; the message names it.</exception>
    Sample Read(int index);
}

/// <summary>Samples to measure quality with: an .npz, a folder of .npz, or a folder of images with labels.tsv.</summary>
internal interface IEvaluationData : IDisposable
{
    int Count { get; }

    /// <summary>A reader for one more worker.</summary>
    ISampleReader OpenReader();
}
