namespace EdgeRuntime.Inference.Specialisation;

/// <summary>A run of bytes in a file of external data.</summary>
internal readonly record struct Extent(long Offset, long Length);
