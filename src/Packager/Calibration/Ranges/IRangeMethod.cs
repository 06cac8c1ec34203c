namespace EdgeRuntime.Packaging.Calibration.Ranges;

/// <summary>Chooses what the bytes of a value reach to. Depends on what was counted alone.</summary>
internal interface IRangeMethod
{
    /// <summary>As <c>--calibration-method</c> takes it.</summary>
    string Name { get; }

    /// <param name="histogram">Of a value.</param>
    /// <param name="symmetric">Whether both limits must be alike.</param>
    /// <returns>Never empty, with 0 within, and nowhere wider than what was seen.</returns>
    ValueRange Of(ValueHistogram histogram, bool symmetric);
}
