using EdgeRuntime.Bundles;
using EdgeRuntime.Packaging.Packing;

namespace EdgeRuntime.Packaging.Data;

/// <summary>Samples of which none holds NaN: one would make every mean, range and cosine NaN without a word. What cannot be read is the samples' fault, and said to be.</summary>
internal sealed class NumberedData(IEvaluationData data) : IEvaluationData
{
    public int Count => data.Count;

    public ISampleReader OpenReader() => new Reader(data.OpenReader());

    public void Dispose() => data.Dispose();

    private sealed class Reader(ISampleReader reader) : ISampleReader
    {
        public Sample Read(int index)
        {
            var sample = ReadOrBlame(index);
            foreach (var input in sample.Inputs)
                if (Magnitudes.FirstNotANumber(input) is { } at)
                    throw new PackagerException($"{sample.Name}: input '{Identifier.Quote(input.Name)}' holds NaN at element {at} of [{string.Join(',', input.Shape)}]") { IsOfSamples = true };
            return sample;
        }

        public void Dispose() => reader.Dispose();

        private Sample ReadOrBlame(int index)
        {
            try
            {
                return reader.Read(index);
            }
            catch (PackagerException error)
            {
                throw new PackagerException(error.Message, error) { IsOfSamples = true };
            }
        }
    }
}
