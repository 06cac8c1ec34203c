using System.Numerics;

namespace EdgeRuntime.Inference;

/// <summary>Scores to probabilities, and the largest of them. Vectorised; allocates nothing.</summary>
public static class Softmax
{
    /// <summary>Where the largest score is; -1 for none. NaN counts as smallest; of equal scores the first wins.</summary>
    public static int ArgMax(ReadOnlySpan<float> scores)
    {
        if (scores.IsEmpty) return -1;
        float largest = Max(scores);
        int index = scores.IndexOf(largest);
        return index >= 0 ? index : 0; // all NaN
    }

    /// <summary>exp(x - max) / sum of them, into <paramref name="probabilities"/>, which may be the same memory.</summary>
    public static void Apply(ReadOnlySpan<float> scores, Span<float> probabilities)
    {
        float largest = Max(scores);
        float sum = 0;
        for (int i = 0; i < scores.Length; i++)
        {
            float part = MathF.Exp(scores[i] - largest);
            probabilities[i] = part;
            sum += part;
        }
        float scale = 1 / sum;
        for (int i = 0; i < scores.Length; i++) probabilities[i] *= scale;
    }

    /// <summary>The probability that softmax would give one class, without writing the others.</summary>
    public static float Of(ReadOnlySpan<float> scores, int index)
    {
        float largest = Max(scores);
        float sum = 0;
        foreach (float score in scores) sum += MathF.Exp(score - largest);
        return MathF.Exp(scores[index] - largest) / sum;
    }

    private static float Max(ReadOnlySpan<float> scores)
    {
        float largest = float.NegativeInfinity;
        int at = 0;
        if (scores.Length >= Vector<float>.Count)
        {
            var most = new Vector<float>(float.NegativeInfinity);
            for (; at <= scores.Length - Vector<float>.Count; at += Vector<float>.Count)
            {
                var part = new Vector<float>(scores[at..]);
                most = Vector.ConditionalSelect(Vector.GreaterThan(part, most), part, most); // false for NaN
            }
            for (int lane = 0; lane < Vector<float>.Count; lane++) largest = MathF.Max(largest, most[lane]);
        }
        for (; at < scores.Length; at++)
        {
            if (scores[at] > largest) largest = scores[at];
        }
        return largest;
    }
}
