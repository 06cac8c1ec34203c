namespace EdgeRuntime.Packaging.Import;

/// <summary>The bytes of a tensor, wherever they are: opened when they are written, never all in memory at once.</summary>
internal abstract class TensorContent
{
    /// <summary>Bytes.</summary>
    public abstract long Length { get; }

    public abstract Stream Open();
}

internal sealed class InlineContent(ReadOnlyMemory<byte> bytes) : TensorContent
{
    public override long Length => bytes.Length;

    public override Stream Open() => new MemoryStream(bytes.ToArray(), writable: false);
}

/// <summary>A range of a data file beside the model.</summary>
internal sealed class FileRange(string path, long offset, long length) : TensorContent
{
    public override long Length => length;

    public override Stream Open()
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16) { Position = offset };
        return new LimitedStream(file, length);
    }
}
