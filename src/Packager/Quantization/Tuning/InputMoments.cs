using System.Numerics;
using System.Runtime.InteropServices;
using EdgeRuntime.Packaging.Data;
using EdgeRuntime.Packaging.Graphs;
using EdgeRuntime.Packaging.Onnx;

namespace EdgeRuntime.Packaging.Quantization.Tuning;

// C = E[x x'] - E[x] E[x]'
/// <summary>
/// How the inputs of a layer vary together: the covariance of the patches under its kernel, at some places of each sample. Patches of many elements are
/// cut into blocks of whole channels, which are taken to be independent: memory has a limit.
/// </summary>
internal sealed class InputMoments
{
    public const int LargestBlock = 1024;

    private readonly KernelPatches _patches;
    private readonly int _inner, _groups, _channelsPerBlock;
    private readonly float[][] _products;
    private readonly double[][] _sums;
    private readonly SplitMix _random;
    private long _count;

    /// <param name="node">A convolution.</param>
    /// <param name="dims">Of its weights.</param>
    /// <param name="seed">Chooses the places.</param>
    public InputMoments(NodeProto node, IReadOnlyList<long> dims, ulong seed)
    {
        _patches = KernelPatches.Of(node, dims);
        (_inner, _groups) = ((int)dims[1], (int)node.Long("group", 1));
        _channelsPerBlock = Math.Clamp(LargestBlock / _patches.Taps, 1, _inner);
        _products = [.. Enumerable.Range(0, Blocks * _groups).Select(block => new float[Size(block) * Size(block)])];
        _sums = [.. Enumerable.Range(0, Blocks * _groups).Select(block => new double[Size(block)])];
        _random = new SplitMix(seed);
    }

    /// <summary>Of each group.</summary>
    public int Blocks => (_inner + _channelsPerBlock - 1) / _channelsPerBlock;

    /// <summary>How many elements it holds for a layer.</summary>
    public long Elements => _products.Sum(block => (long)block.Length);

    /// <summary>Where a block begins in a patch.</summary>
    public int Start(int block) => block * _channelsPerBlock * _patches.Taps;

    /// <summary>The covariance of a block, and how many elements of a patch it has.</summary>
    public (double[] Covariance, int Size) this[int group, int block]
    {
        get
        {
            var at = group * Blocks + block;
            int size = Size(at);
            var covariance = new double[size * size];
            for (var i = 0; i < size; i++)
                for (var j = 0; j < size; j++)
                    covariance[i * size + j] = _products[at][Math.Min(i, j) * size + Math.Max(i, j)] / (double)_count - _sums[at][i] / _count * (_sums[at][j] / _count);
            return (covariance, size);
        }
    }

    /// <param name="values">[n, channels, ...].</param>
    /// <param name="shape">Theirs.</param>
    /// <param name="places">How many are looked at.</param>
    public void Add(ReadOnlySpan<float> values, ReadOnlySpan<long> shape, int places)
    {
        var sizes = shape[2..];
        var plane = values.Length / (int)(shape[0] * shape[1]);
        var all = _patches.Places(sizes);
        Span<int> offsets = new int[_patches.Taps];
        var patch = new float[_channelsPerBlock * _patches.Taps];
        for (var i = 0; i < Math.Min(places, all * shape[0]); i++)
        {
            var place = all * shape[0] <= places ? i : (long)(_random.NextUnit() * all * shape[0]);
            _patches.Locate(sizes, place % all, offsets);
            Add(values.Slice((int)(place / all * shape[1]) * plane), plane, offsets, patch);
            _count++;
        }
    }

    private void Add(ReadOnlySpan<float> image, int plane, ReadOnlySpan<int> offsets, float[] patch)
    {
        for (var block = 0; block < _products.Length; block++)
        {
            var channel = block / Blocks * _inner + block % Blocks * _channelsPerBlock;
            var size = Size(block);
            for (var at = 0; at < size; at++)
            {
                var offset = offsets[at % offsets.Length];
                patch[at] = offset < 0 ? 0 : image[(channel + at / offsets.Length) * plane + offset];
            }
            Add(patch.AsSpan(0, size), _products[block], _sums[block]);
        }
    }

    /// <summary>The upper half is enough, from the vector on in which the diagonal is.</summary>
    private static void Add(ReadOnlySpan<float> patch, float[] products, double[] sums)
    {
        for (var i = 0; i < patch.Length; i++)
        {
            var value = patch[i];
            if (value == 0) continue;
            sums[i] += value;
            var row = products.AsSpan(i * patch.Length, patch.Length);
            var at = i;
            for (; at + Vector<float>.Count <= patch.Length; at += Vector<float>.Count)
                (new Vector<float>(row[at..]) + new Vector<float>(value) * new Vector<float>(patch[at..])).CopyTo(row[at..]);
            for (; at < patch.Length; at++) row[at] += value * patch[at];
        }
    }

    private int Size(int block) => Math.Min(_channelsPerBlock, _inner - block % Blocks * _channelsPerBlock) * _patches.Taps;
}
