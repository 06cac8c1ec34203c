using EdgeRuntime.Packaging.Packing;

namespace EdgeRuntime.Packaging.Data;

/// <summary>Samples of which none holds NaN: one would make every mean, range and cosine NaN without a word.</summary>
internal sealed class NumberedData(IEvaluationData data) : IEvaluationData
{
    public int Count => data.Count;

    public ISampleReader OpenReader() => new Reader(data.OpenReader());

    public void Dispose() => data.Dispose();

    private sealed class Reader(ISampleReader reader) : ISampleReader
    {
        public Sample Read(int index)
        {
            var sample = reader.Read(index);
            return sample.Inputs.FirstOrDefault(Magnitudes.HoldsNotANumber) is { } input
                ? throw new PackagerException($"{sample.Name}: input '{input.Name}' holds NaN")
                : sample;
        }

        public void Dispose() => reader.Dispose();
    }
}
