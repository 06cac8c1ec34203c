using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace EdgeRuntime.Bundles.Arrays;

/// <summary>One .npy member: magic, version 1 to 3, a Python dictionary as header, elements in row-major order. Source: NumPy's NEP 1.</summary>
internal static class NpyFormat
{
    private const int MaximumHeader = 64 << 10, MaximumDimensions = 16;
    private static readonly byte[] Magic = [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    private static readonly (string Code, ElementType Type)[] Types =
    [
        ("|b1", ElementType.Bool), ("|i1", ElementType.Int8), ("|u1", ElementType.UInt8), ("<i2", ElementType.Int16), ("<u2", ElementType.UInt16),
        ("<i4", ElementType.Int32), ("<u4", ElementType.UInt32), ("<i8", ElementType.Int64), ("<u8", ElementType.UInt64),
        ("<f2", ElementType.Float16), ("<f4", ElementType.Float32), ("<f8", ElementType.Float64),
    ];

    public static byte[] Write(NamedArray array)
    {
        var code = Array.Find(Types, row => row.Type == array.Type).Code
            ?? throw new BundleException(BundleError.InvalidArray, $"array '{array.Name}' is {array.Type.ProtocolName()}, which .npy cannot hold");
        var sizes = string.Join(", ", array.Shape.Select(size => size.ToString(CultureInfo.InvariantCulture)));
        var header = $"{{'descr': '{code}', 'fortran_order': False, 'shape': ({sizes}{(array.Shape.Length == 1 ? "," : "")}), }}";
        var length = (Magic.Length + 4 + header.Length + 1 + 63) / 64 * 64;
        var bytes = new byte[length + array.Data.Length];
        Magic.CopyTo(bytes, 0);
        bytes[6] = 1;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(8), (ushort)(length - 10));
        bytes.AsSpan(10, length - 10).Fill((byte)' ');
        Encoding.ASCII.GetBytes(header, bytes.AsSpan(10));
        bytes[length - 1] = (byte)'\n';
        array.Data.CopyTo(bytes, length);
        return bytes;
    }

    /// <exception cref="BundleException">Not a .npy in row-major, little-endian order of a known type.</exception>
    public static NamedArray Read(string name, ReadOnlySpan<byte> npy)
    {
        if (npy.Length < 10 || !npy.StartsWith(Magic) || npy[6] is < 1 or > 3) throw Invalid(name, "is no .npy of version 1 to 3");
        var wide = npy[6] > 1;
        if (wide && npy.Length < 12) throw Invalid(name, "ends within its header");
        var start = wide ? 12 : 10;
        var length = wide ? BinaryPrimitives.ReadUInt32LittleEndian(npy[8..]) : BinaryPrimitives.ReadUInt16LittleEndian(npy[8..]);
        if (length > MaximumHeader || start + length > npy.Length) throw Invalid(name, $"states a header of {length} bytes, over the limit of {MaximumHeader} or its end");
        var header = Encoding.Latin1.GetString(npy.Slice(start, (int)length));
        if (!Value(name, header, "fortran_order").StartsWith("False", StringComparison.Ordinal)) throw Invalid(name, "is in column-major order: save it with order='C'");
        var code = Value(name, header, "descr").Split('\'', '"') is [_, var quoted, ..] ? quoted : "";
        var type = Array.Find(Types, row => row.Code == code || (row.Code[0] == '|' && row.Code[1..] == code.TrimStart('<', '|', '='))).Type;
        if (type == ElementType.Undefined) throw Invalid(name, $"has elements of type '{Identifier.Quote(code)}', not one of {string.Join(' ', Types.Select(row => row.Code))}");
        var array = new NamedArray(name, type, Shape(name, Value(name, header, "shape")), npy[(start + (int)length)..].ToArray());
        var expected = (UInt128)array.Count * (UInt128)type.Size();
        return expected == (UInt128)array.Data.Length ? array : throw Invalid(name, $"has {array.Data.Length} bytes of data, its shape wants {expected}");
    }

    private static long[] Shape(string name, string value)
    {
        var close = value.IndexOf(')', StringComparison.Ordinal);
        if (!value.StartsWith('(') || close < 0) throw Invalid(name, "has no shape in its header");
        var parts = value[1..close].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length > MaximumDimensions) throw Invalid(name, $"has {parts.Length} dimensions, over the limit of {MaximumDimensions}");
        var shape = new long[parts.Length];
        UInt128 count = 1;
        for (var i = 0; i < parts.Length; i++)
        {
            if (!long.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out shape[i]) || shape[i] > int.MaxValue)
                throw Invalid(name, $"has the size '{Identifier.Quote(parts[i])}' in its shape");
            count *= (UInt128)shape[i];
            if (count > int.MaxValue) throw Invalid(name, $"has over {int.MaxValue} elements");
        }
        return shape;
    }

    private static string Value(string name, string header, string key)
    {
        var at = header.IndexOf($"'{key}':", StringComparison.Ordinal);
        return at >= 0 ? header[(at + key.Length + 3)..].TrimStart() : throw Invalid(name, $"has no '{key}' in its header");
    }

    private static BundleException Invalid(string name, string what) => new(BundleError.InvalidArray, $"array '{Identifier.Quote(name)}' {what}");
}
