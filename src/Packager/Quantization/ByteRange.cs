using EdgeRuntime.Packaging.Calibration;

namespace EdgeRuntime.Packaging.Quantization;

// x ~ scale (q - zero)
/// <summary>How a value is stored in bytes.</summary>
/// <param name="Scale">Of a step.</param>
/// <param name="Zero">The byte that stands for 0.</param>
/// <param name="IsSigned">-128 to 127, else 0 to 255.</param>
internal readonly record struct ByteRange(float Scale, int Zero, bool IsSigned)
{
    private const double Levels = 255, Signed = 127;

    public static ByteRange Of(ValueRange range, bool signed, bool symmetric)
    {
        if (symmetric) return new ByteRange((float)(range.High / Signed), 0, signed);
        var scale = (range.High - range.Low) / Levels;
        return new ByteRange((float)scale, (int)Math.Round(-range.Low / scale) - (signed ? 128 : 0), signed);
    }
}
