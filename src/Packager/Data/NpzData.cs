using EdgeRuntime.Bundles;

namespace EdgeRuntime.Packaging.Data;

/// <summary>Samples of .npz files: arrays by input name, the first axis counts samples; <c>labels</c> for the answers. One file is held at a time and reader.</summary>
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

        public NpzFile(string path, IReadOnlyList<TensorSpec> inputs)
        {
            Path = path;
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
            new($"{Path} sample {row}", [.. _arrays.Select(array => Row(array, row))], new Answer(null, _labels is null ? null : Row(_labels, row)));

        private static NamedArray Row(NamedArray array, int row)
        {
            var size = array.Data.Length / Math.Max(1, Count(array));
            return array with { Shape = [1, .. array.Shape.Skip(1)], Data = array.Data.AsSpan(row * size, size).ToArray() };
        }

        private static int Count(NamedArray array) => (int)array.Shape[0];

        private NamedArray Input(IReadOnlyList<NamedArray> all, TensorSpec input)
        {
            var array = all.FirstOrDefault(array => array.Name == input.Name)
                ?? throw new PackagerException($"{Path}: no array '{Identifier.Quote(input.Name)}', which the model takes; it has {string.Join(", ", all.Select(array => $"'{Identifier.Quote(array.Name)}'"))}");
            if (array.Type != input.Type) throw new PackagerException($"{Path}: array '{input.Name}' is {array.Type.ProtocolName()}, the model takes {input.Type.ProtocolName()}");
            var fits = array.Shape.Length == input.Shape.Count && array.Shape.Skip(1).Zip(input.Shape.Skip(1)).All(pair => pair.Second < 0 || pair.First == pair.Second);
            return fits && array.Shape.Length > 0
                ? array
                : throw new PackagerException($"{Path}: array '{array}' does not fit the model's input {input}; the first axis counts samples");
        }
    }
}
