using EdgeRuntime.Bundles;

namespace EdgeRuntime.Packaging.Data;

/// <summary>Samples of .npz files: arrays by input name, the first axis counts samples; <c>labels</c> for the answers. One file is held at a time and reader.
/// An array of as many axes as the input has gives its rows as batches of one; one of an axis more gives whole inputs, as states and scalars need.</summary>
internal sealed class NpzData : IEvaluationData
{
    public const string Labels = "labels";
    private static readonly ByteCount Limit = new(Array.MaxLength);

    private readonly List<(string Path, int Row)> _samples = [];
    private readonly IReadOnlyList<TensorSpec> _inputs;

    public NpzData(string origin, IReadOnlyList<string> files, IReadOnlyList<TensorSpec> inputs)
    {
        _inputs = inputs;
        foreach (var file in files)
        {
            var rows = new NpzFile(file, inputs).Rows;
            for (var row = 0; row < rows; row++) _samples.Add((file, row));
        }
        if (_samples.Count == 0) throw new PackagerException($"{origin}: holds no samples");
    }

    public int Count => _samples.Count;

    public ISampleReader OpenReader() => new Reader(this);

    public void Dispose()
    {
    }

    private sealed class Reader(NpzData data) : ISampleReader
    {
        private NpzFile? _open;

        public Sample Read(int index)
        {
            var (path, row) = data._samples[index];
            if (_open?.Path != path) _open = new NpzFile(path, data._inputs);
            return _open.Sample(row);
        }

        public void Dispose()
        {
        }
    }

    /// <summary>One file, read and checked against the model's inputs.</summary>
    private sealed class NpzFile
    {
        private readonly IReadOnlyList<NamedArray> _arrays;
        private readonly NamedArray? _labels;
        private readonly IReadOnlyList<TensorSpec> _inputs;

        public NpzFile(string path, IReadOnlyList<TensorSpec> inputs)
        {
            (Path, _inputs) = (path, inputs);
            var all = Npz.ReadFile(path, Limit);
            _labels = all.FirstOrDefault(array => array.Name == Labels && inputs.All(input => input.Name != Labels));
            _arrays = [.. inputs.Select(input => Input(all, input))];
            Rows = Count(_arrays[0]);
            foreach (var array in _labels is null ? _arrays : [.. _arrays, _labels])
                if (Count(array) != Rows) throw new PackagerException($"{path}: array '{array.Name}' holds {Count(array)} samples, '{_arrays[0].Name}' holds {Rows}");
        }

        public string Path { get; }

        public int Rows { get; }

        public Sample Sample(int row) =>
            new($"{Path} sample {row}", [.. _arrays.Select((array, i) => Row(array, row, isWhole: array.Shape.Length > _inputs[i].Shape.Count))], new Answer(null, _labels is null ? null : Row(_labels, row, isWhole: false)));

        private static NamedArray Row(NamedArray array, int row, bool isWhole)
        {
            var size = array.Data.Length / Math.Max(1, Count(array));
            return array with { Shape = isWhole ? [.. array.Shape.Skip(1)] : [1, .. array.Shape.Skip(1)], Data = array.Data.AsSpan(row * size, size).ToArray() };
        }

        private static int Count(NamedArray array) => (int)array.Shape[0];

        private NamedArray Input(IReadOnlyList<NamedArray> all, TensorSpec input)
        {
            var array = all.FirstOrDefault(array => array.Name == input.Name)
                ?? throw new PackagerException($"{Path}: no array '{Identifier.Quote(input.Name)}', which the model takes; it has {string.Join(", ", all.Select(array => $"'{Identifier.Quote(array.Name)}'"))}");
            if (array.Type != input.Type) throw new PackagerException($"{Path}: array '{input.Name}' is {array.Type.ProtocolName()}, the model takes {input.Type.ProtocolName()}");
            var sizes = array.Shape.Length > input.Shape.Count ? input.Shape : input.Shape.Skip(1);
            var fits = array.Shape.Length - input.Shape.Count is 0 or 1 && array.Shape.Skip(1).Zip(sizes).All(pair => pair.Second < 0 || pair.First == pair.Second);
            return fits && array.Shape.Length > 0
                ? array
                : throw new PackagerException($"{Path}: array '{array}' does not fit the model's input {input}; the first axis counts samples");
        }
    }
}
