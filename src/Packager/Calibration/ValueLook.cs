namespace EdgeRuntime.Packaging.Calibration;

/// <summary>Sees a value once a sample; what it is given is gone afterwards.</summary>
/// <param name="name">Of the value.</param>
/// <param name="sample">Its number.</param>
/// <param name="values">All of them, row by row.</param>
/// <param name="shape">Theirs.</param>
internal delegate void ValueLook(string name, int sample, ReadOnlySpan<float> values, ReadOnlySpan<long> shape);
