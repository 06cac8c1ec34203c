namespace EdgeRuntime.Packaging.Export;

/// <summary>Copies bytes into a file and leaves holes where there are only zeros: they read the same and take no disk.</summary>
internal static class SparseCopy
{
    private const int Block = 1 << 18;

    /// <summary>Appends at the file's position; the position ends behind the last byte, the length may still be short of it.</summary>
    public static void Append(Stream data, FileStream file)
    {
        var buffer = new byte[Block];
        for (int count; (count = data.ReadAtLeast(buffer, Block, throwOnEndOfStream: false)) > 0;)
        {
            if (buffer.AsSpan(0, count).ContainsAnyExcept((byte)0)) file.Write(buffer, 0, count);
            else file.Position += count;
        }
    }
}
