using System.Buffers.Binary;

namespace EdgeRuntime.Bundles.Zip;

/// <summary>The CRC-32 of ZIP (polynomial 0xEDB88320), eight bytes a step.</summary>
internal struct Crc32
{
    private const int Slices = 8;
    private static readonly uint[] Table = MakeTable();

    private uint _inverted;

    public readonly uint Value => ~_inverted;

    public static Crc32 Start() => new() { _inverted = uint.MaxValue };

    public static uint Of(ReadOnlySpan<byte> data)
    {
        var crc = Start();
        crc.Append(data);
        return crc.Value;
    }

    public void Append(ReadOnlySpan<byte> data)
    {
        var crc = _inverted;
        var table = Table;
        for (; data.Length >= Slices; data = data[Slices..])
        {
            var low = BinaryPrimitives.ReadUInt32LittleEndian(data) ^ crc;
            var high = BinaryPrimitives.ReadUInt32LittleEndian(data[4..]);
            crc = table[(7 * 256) + (int)(low & 255)] ^ table[(6 * 256) + (int)((low >> 8) & 255)]
                ^ table[(5 * 256) + (int)((low >> 16) & 255)] ^ table[(4 * 256) + (int)(low >> 24)]
                ^ table[(3 * 256) + (int)(high & 255)] ^ table[(2 * 256) + (int)((high >> 8) & 255)]
                ^ table[256 + (int)((high >> 16) & 255)] ^ table[(int)(high >> 24)];
        }
        foreach (var value in data) crc = table[(int)((crc ^ value) & 255)] ^ (crc >> 8);
        _inverted = crc;
    }

    private static uint[] MakeTable()
    {
        var table = new uint[Slices * 256];
        for (uint value = 0; value < 256; value++)
        {
            var crc = value;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) != 0 ? 0xEDB88320 ^ (crc >> 1) : crc >> 1;
            table[value] = crc;
        }
        for (var slice = 1; slice < Slices; slice++)
            for (var value = 0; value < 256; value++)
            {
                var before = table[((slice - 1) * 256) + value];
                table[(slice * 256) + value] = table[before & 255] ^ (before >> 8);
            }
        return table;
    }
}
