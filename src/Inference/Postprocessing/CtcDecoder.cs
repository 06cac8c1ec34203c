namespace EdgeRuntime.Inference;

/// <summary>
/// Greedy CTC decoding (Graves et al. 2006): the best class of each step, repeats merged, blanks dropped. Classes are the
/// blank and the labels in order; a model that has one class more than that has the space last, as PP-OCR's do. Immutable.
/// </summary>
public sealed class CtcDecoder
{
    private readonly Labels _labels;
    private readonly int _blank;
    private readonly bool _softmax;
    private readonly int _longest;

    /// <param name="labels">The characters, without blank and space.</param>
    /// <param name="blank">The class of the blank; the labels take the classes around it.</param>
    /// <param name="softmax">Whether the model gives scores that are no probabilities yet.</param>
    public CtcDecoder(Labels labels, int blank = 0, bool softmax = false)
    {
        if (blank < 0 || blank > labels.Count)
            throw new InferenceException(InferenceError.ModelInvalid, $"the blank class {blank} is not among the {labels.Count} labels and the blank");
        _labels = labels;
        _blank = blank;
        _softmax = softmax;
        _longest = 1;
        for (int i = 0; i < labels.Count; i++) _longest = Math.Max(_longest, labels[i].Length);
    }

    /// <summary>The bytes that the text of so many steps can take at most.</summary>
    public int MaximumBytes(int steps) => checked(steps * _longest);

    /// <summary>Null where an output of so many classes can be decoded; otherwise why not.</summary>
    public string? Explain(long classes) => classes == _labels.Count + 1 || classes == _labels.Count + 2
        ? null
        : $"the model has {classes} classes; {_labels.Count} labels and the blank take {_labels.Count + 1}, or {_labels.Count + 2} with a space";

    /// <summary>Decodes one line. Allocates nothing.</summary>
    /// <param name="scores">Float scores of [steps, classes].</param>
    /// <param name="classes">The number of classes.</param>
    /// <param name="text">Takes the text as UTF-8; <see cref="MaximumBytes"/> long.</param>
    /// <exception cref="InferenceException">The classes do not fit the labels.</exception>
    public CtcText Decode(ReadOnlySpan<float> scores, int classes, Span<byte> text)
    {
        if (Explain(classes) is { } reason) throw new InferenceException(InferenceError.ModelInvalid, reason);
        int written = 0, characters = 0, previous = -1;
        float sum = 0;
        for (; scores.Length >= classes; scores = scores[classes..])
        {
            var step = scores[..classes];
            int best = Softmax.ArgMax(step);
            if (best != previous && best != _blank)
            {
                var character = Character(best);
                character.CopyTo(text[written..]);
                written += character.Length;
                characters++;
                sum += _softmax ? Softmax.Of(step, best) : step[best];
            }
            previous = best;
        }
        return new CtcText(written, characters, characters == 0 ? 0 : sum / characters);
    }

    private ReadOnlySpan<byte> Character(int index)
    {
        int label = index > _blank ? index - 1 : index;
        return label < _labels.Count ? _labels[label] : " "u8;
    }
}
