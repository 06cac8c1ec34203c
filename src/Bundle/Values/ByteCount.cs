using System.Globalization;

namespace EdgeRuntime.Bundles;

/// <summary>A number of bytes; its text picks the binary unit that reads best.</summary>
public readonly record struct ByteCount(long Bytes) : IComparable<ByteCount>
{
    private static readonly string[] Units = ["B", "KiB", "MiB", "GiB", "TiB"];

    public static ByteCount FromMebibytes(long mebibytes) => new(checked(mebibytes << 20));

    public int CompareTo(ByteCount other) => Bytes.CompareTo(other.Bytes);

    public static bool operator <(ByteCount left, ByteCount right) => left.Bytes < right.Bytes;

    public static bool operator >(ByteCount left, ByteCount right) => left.Bytes > right.Bytes;

    public static bool operator <=(ByteCount left, ByteCount right) => left.Bytes <= right.Bytes;

    public static bool operator >=(ByteCount left, ByteCount right) => left.Bytes >= right.Bytes;

    public override string ToString()
    {
        double value = Bytes;
        var unit = 0;
        for (; Math.Abs(value) >= 1024 && unit < Units.Length - 1; unit++) value /= 1024;
        var format = unit == 0 || Math.Abs(value) >= 100 ? "0" : "0.#";
        return value.ToString(format, CultureInfo.InvariantCulture) + " " + Units[unit];
    }
}
