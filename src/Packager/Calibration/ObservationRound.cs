using System.Numerics;
using EdgeRuntime.Packaging.Data;

namespace EdgeRuntime.Packaging.Calibration;

/// <summary>Values that are looked at in one session, and the samples that it is run on.</summary>
internal sealed record ObservationRound(IReadOnlyList<string> Values, IReadOnlyList<int> Samples)
{
    /// <summary>Of the values that one run keeps; ONNX Runtime has those of the run before until the next ones are there.</summary>
    public const long MostBytes = 128L << 20;

    /// <summary>Samples of a 256th are treated as those of a 128th: fewer sessions, and nobody would notice.</summary>
    private const int MostHalvings = 7;

    /// <summary>Rounds in which no run keeps too much: values are shared out where samples are large, and looked at together where they are small.</summary>
    /// <param name="values">In the order in which they are shared out.</param>
    /// <param name="elements">Of each value on the largest sample; smaller samples are taken to have as much less.</param>
    /// <param name="samples">The size of each.</param>
    /// <param name="mostBytes">A value that has more is looked at alone.</param>
    public static IReadOnlyList<ObservationRound> Of(IReadOnlyList<string> values, IReadOnlyList<long> elements, IReadOnlyList<long> samples, long mostBytes)
    {
        var shares = new List<List<List<string>>>();
        do shares.Add(Share(values, elements, mostBytes << shares.Count));
        while (shares[^1].Count > 1 && shares.Count <= MostHalvings);
        var largest = samples.Max();
        return [.. Enumerable.Range(0, samples.Count).GroupBy(sample => Math.Min(Halvings(largest, samples[sample]), shares.Count - 1)).OrderBy(level => level.Key)
            .SelectMany(level => shares[level.Key].Select(some => new ObservationRound(some, [.. level])))];
    }

    /// <summary>What counts as the size of a sample.</summary>
    public static long SizeOf(Sample sample) => sample.Inputs.Sum(input => (long)input.Data.Length);

    private static int Halvings(long largest, long size) => BitOperations.Log2((ulong)(largest / Math.Max(1, size)));

    private static List<List<string>> Share(IReadOnlyList<string> values, IReadOnlyList<long> elements, long mostBytes)
    {
        var groups = new List<List<string>>();
        var left = 0L;
        for (var i = 0; i < values.Count; i++)
        {
            var bytes = elements[i] * sizeof(float);
            if (groups.Count == 0 || bytes > left)
            {
                groups.Add([]);
                left = mostBytes;
            }
            groups[^1].Add(values[i]);
            left -= bytes;
        }
        return groups;
    }
}
