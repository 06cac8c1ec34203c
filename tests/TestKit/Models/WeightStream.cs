using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace EdgeRuntime.TestKit.Models;

/// <summary>
/// Random weights, the same for the same seed on any machine, appended to a file of external data. Never holds more
/// than a block of them. Tensors larger than a page start on a 4096-byte boundary, as a bundle wants them.
/// </summary>
internal sealed class WeightStream(string path, ulong seed) : IDisposable
{
    private const int PageSize = 4096;
    private readonly FileStream _file = new(path, FileMode.Create, FileAccess.Write, FileShare.Read, 1 << 20);
    private readonly float[] _block = new float[64 * 1024];
    private ulong _state = seed;

    /// <summary>The file's name, as model.onnx refers to it.</summary>
    public string FileName { get; } = Path.GetFileName(path);

    /// <summary>Appends <paramref name="count"/> values, uniform in ±<paramref name="range"/>; returns where they start, in bytes.</summary>
    public long Append(long count, float range)
    {
        Align(count * sizeof(float));
        long offset = _file.Position;
        for (long left = count; left > 0; left -= _block.Length)
        {
            var part = _block.AsSpan(0, (int)Math.Min(left, _block.Length));
            UniformWeights.Fill(part, range, ref _state);
            Write(part);
        }
        return offset;
    }

    public void Dispose() => _file.Dispose();

    private void Align(long bytes)
    {
        long over = _file.Position % PageSize;
        if (bytes > PageSize && over != 0) _file.Write(new byte[PageSize - over]);
    }

    private void Write(Span<float> values)
    {
        var bytes = MemoryMarshal.AsBytes(values);
        if (!BitConverter.IsLittleEndian)
        {
            var words = MemoryMarshal.Cast<byte, uint>(bytes);
            BinaryPrimitives.ReverseEndianness(words, words);
        }
        _file.Write(bytes);
    }
}
