namespace EdgeRuntime.Bundles.Zip;

/// <summary>All that is free in an entry of the canonical ZIP; everything else follows from it and its place.</summary>
internal readonly record struct ZipEntry(string Name, long Size, uint Crc);
