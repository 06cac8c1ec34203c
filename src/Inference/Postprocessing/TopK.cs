namespace EdgeRuntime.Inference;

/// <summary>The best classes of a vector of scores.</summary>
public static class TopK
{
    /// <summary>The largest scores, best first; of equal ones the first class wins, and NaN is smallest. Allocates nothing.</summary>
    /// <param name="scores">One score for each class.</param>
    /// <param name="indices">Takes the classes; its length is k.</param>
    /// <param name="values">Takes their scores; as long.</param>
    /// <returns>How many there are: k, or the number of classes where that is less.</returns>
    public static int Select(ReadOnlySpan<float> scores, Span<long> indices, Span<float> values)
    {
        int found = 0;
        int wanted = Math.Min(indices.Length, values.Length);
        if (wanted == 0) return 0;
        for (int i = 0; i < scores.Length; i++)
        {
            float score = float.IsNaN(scores[i]) ? float.NegativeInfinity : scores[i];
            if (found == wanted && score <= values[found - 1]) continue;
            int place = found < wanted ? found++ : found - 1;
            for (; place > 0 && values[place - 1] < score; place--)
            {
                values[place] = values[place - 1];
                indices[place] = indices[place - 1];
            }
            values[place] = score;
            indices[place] = i;
        }
        return found;
    }

    /// <summary>As <see cref="Select"/>, with the values made probabilities over all classes.</summary>
    public static int SelectProbabilities(ReadOnlySpan<float> scores, Span<long> indices, Span<float> values)
    {
        int found = Select(scores, indices, values);
        for (int i = 0; i < found; i++) values[i] = Softmax.Of(scores, (int)indices[i]);
        return found;
    }
}
