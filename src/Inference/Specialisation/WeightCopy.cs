using Microsoft.Win32.SafeHandles;

namespace EdgeRuntime.Inference.Specialisation;

/// <summary>Copies extents from one file to their places in another, gaps left as zeros, a block at a time.</summary>
internal static class WeightCopy
{
    private const int BlockBytes = 1 << 20;

    public static void Run(string from, string to, WeightLayout layout, CancellationToken cancel)
    {
        using var source = File.OpenHandle(from, options: FileOptions.SequentialScan);
        using var target = File.OpenHandle(to, FileMode.CreateNew, FileAccess.Write, preallocationSize: layout.End);
        var block = new byte[BlockBytes];
        foreach (var (extent, start) in layout.Copies)
        {
            cancel.ThrowIfCancellationRequested();
            Copy(source, extent, target, start, block);
        }
        if (RandomAccess.GetLength(target) < layout.End) RandomAccess.SetLength(target, layout.End);
    }

    private static void Copy(SafeFileHandle source, Extent extent, SafeFileHandle target, long start, byte[] block)
    {
        for (long done = 0; done < extent.Length;)
        {
            int read = RandomAccess.Read(source, block.AsSpan(0, (int)Math.Min(block.Length, extent.Length - done)), extent.Offset + done);
            if (read == 0) throw new EndOfStreamException($"the weights end {extent.Length - done} bytes early");
            RandomAccess.Write(target, block.AsSpan(0, read), start + done);
            done += read;
        }
    }
}
