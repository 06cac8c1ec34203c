using System.Buffers;
using System.Buffers.Text;
using System.Globalization;

namespace EdgeRuntime.Serving.Metrics;

/// <summary>Lines of Prometheus' text format 0.0.4. Families are written whole, one after the other; nothing is allocated.</summary>
internal ref struct PrometheusWriter(IBufferWriter<byte> output)
{
    private const int LongestNumber = 32;

    private ReadOnlySpan<byte> _name;

    /// <summary>Begins a family.</summary>
    /// <param name="name">With the base unit and, for a counter, <c>_total</c>.</param>
    /// <param name="type">counter, gauge, histogram or untyped.</param>
    /// <param name="help">One line without a backslash.</param>
    public void Family(ReadOnlySpan<byte> name, ReadOnlySpan<byte> type, ReadOnlySpan<byte> help)
    {
        _name = name;
        Write("# HELP "u8);
        Write(name);
        Write(" "u8);
        Write(help);
        Write("\n# TYPE "u8);
        Write(name);
        Write(" "u8);
        Write(type);
        Write("\n"u8);
    }

    public readonly void Sample(ReadOnlySpan<byte> labels, long value)
    {
        Head(""u8, labels, ""u8);
        Number(value);
        Write("\n"u8);
    }

    public readonly void Sample(ReadOnlySpan<byte> labels, double value)
    {
        Head(""u8, labels, ""u8);
        Number(value);
        Write("\n"u8);
    }

    /// <summary>A sample with labels of the family's own after those that were made before.</summary>
    public readonly void Sample(ReadOnlySpan<byte> labels, ReadOnlySpan<byte> moreLabels, long value)
    {
        Head(""u8, labels, moreLabels);
        Number(value);
        Write("\n"u8);
    }

    /// <summary>Buckets, sum and count of a histogram, which agree with each other whatever is recorded meanwhile.</summary>
    public readonly void Histogram(ReadOnlySpan<byte> labels, Histogram histogram)
    {
        Span<long> counts = stackalloc long[histogram.Scale.Buckets];
        counts.Clear();
        histogram.AddTo(counts);
        long below = 0;
        int next = 0;
        foreach (int shown in histogram.Scale.Shown)
        {
            for (; next <= shown; next++) below += counts[next];
            Bucket(labels, histogram.Scale.Bounds[shown] / histogram.Scale.Unit, below);
        }
        for (; next < counts.Length; next++) below += counts[next];
        Bucket(labels, double.PositiveInfinity, below);
        Head("_sum"u8, labels, ""u8);
        Number(histogram.Sum / histogram.Scale.Unit);
        Write("\n"u8);
        Head("_count"u8, labels, ""u8);
        Number(below);
        Write("\n"u8);
    }

    private readonly void Bucket(ReadOnlySpan<byte> labels, double bound, long count)
    {
        Span<byte> le = stackalloc byte[LongestNumber + 5];
        "le=\""u8.CopyTo(le);
        int length = 4 + Format(bound, le[4..]);
        le[length++] = (byte)'"';
        Head("_bucket"u8, labels, le[..length]);
        Number(count);
        Write("\n"u8);
    }

    private readonly void Head(ReadOnlySpan<byte> suffix, ReadOnlySpan<byte> labels, scoped ReadOnlySpan<byte> moreLabels)
    {
        Write(_name);
        Write(suffix);
        if (!labels.IsEmpty || !moreLabels.IsEmpty)
        {
            Write("{"u8);
            Write(labels);
            if (!labels.IsEmpty && !moreLabels.IsEmpty) Write(","u8);
            Write(moreLabels);
            Write("}"u8);
        }
        Write(" "u8);
    }

    private readonly void Number(long value)
    {
        Utf8Formatter.TryFormat(value, output.GetSpan(LongestNumber), out int length);
        output.Advance(length);
    }

    private readonly void Number(double value) => output.Advance(Format(value, output.GetSpan(LongestNumber)));

    private static int Format(double value, Span<byte> destination)
    {
        if (double.IsPositiveInfinity(value))
        {
            "+Inf"u8.CopyTo(destination);
            return 4;
        }
        value.TryFormat(destination, out int length, default, CultureInfo.InvariantCulture);
        return length;
    }

    private readonly void Write(scoped ReadOnlySpan<byte> text)
    {
        text.CopyTo(output.GetSpan(Math.Max(1, text.Length)));
        output.Advance(text.Length);
    }
}
