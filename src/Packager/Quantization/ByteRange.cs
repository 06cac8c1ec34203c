using EdgeRuntime.Packaging.Calibration;

namespace EdgeRuntime.Packaging.Quantization;

// x ~ scale (q - zero)
/// <summary>How a value is stored in bytes.</summary>
/// <param name="Scale">Of a step.</param>
/// <param name="Zero">The byte that stands for 0.</param>
/// <param name="IsSigned">-128 to 127, else 0 to 255.</param>
internal readonly record struct ByteRange(float Scale, int Zero, bool IsSigned)
{
    private const double Signed = 127;

    private int Least => IsSigned ? -128 : 0;

    /// <summary>What the lowest byte stands for.</summary>
    public double Low => Scale * (double)(Least - Zero);

    /// <summary>What the highest byte stands for.</summary>
    public double High => Scale * (Least + ValueRange.Steps - Zero);

    public static ByteRange Of(ValueRange range, bool signed, bool symmetric)
    {
        if ((float)((range.High - range.Low) / ValueRange.Steps) == 0) range = new ValueRange(0, 1); // too small for a float's steps: it is 0
        if (symmetric) return new ByteRange((float)(range.High / Signed), 0, signed);
        var scale = (range.High - range.Low) / ValueRange.Steps;
        return new ByteRange((float)scale, (int)Math.Round(-range.Low / scale) - (signed ? 128 : 0), signed);
    }

    /// <summary>The byte nearest to a value.</summary>
    public int Round(float value) => (int)Math.Clamp(Math.Round(value / Scale) + Zero, Least, Least + ValueRange.Steps);

    /// <summary>The same bytes, read as <paramref name="factor"/> x + <paramref name="offset"/>; the offset is rounded to a step.</summary>
    public ByteRange Read(double factor, double offset) =>
        this with { Scale = (float)(Scale * factor), Zero = Math.Clamp(Zero - (int)Math.Round(offset / (factor * Scale)), Least, Least + (int)ValueRange.Steps) };
}
