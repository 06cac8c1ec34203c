using System.Security.Cryptography;
using EdgeRuntime.Bundles.Zip;

namespace EdgeRuntime.Bundles.Reading;

/// <summary>One entry, forward only; the read that would return its last byte throws instead where digest or checksum differ.</summary>
internal sealed class VerifyingStream(FileStream file, long offset, ZipEntry entry, Sha256Digest expected) : Stream
{
    private readonly IncrementalHash _sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private Crc32 _crc = Crc32.Start();
    private long _position;
    private bool _checked;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => entry.Size;

    public override long Position { get => _position; set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        var wanted = (int)Math.Min(buffer.Length, entry.Size - _position);
        var count = wanted == 0 ? 0 : RandomAccess.Read(file.SafeFileHandle, buffer[..wanted], offset + _position);
        if (count == 0 && wanted > 0) throw new BundleException(BundleError.DigestMismatch, $"entry '{entry.Name}' ends {entry.Size - _position} bytes early");
        _sha.AppendData(buffer[..count]);
        _crc.Append(buffer[..count]);
        _position += count;
        if (_position == entry.Size) Check();
        return count;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) _sha.Dispose();
        base.Dispose(disposing);
    }

    private void Check()
    {
        if (_checked) return;
        _checked = true;
        Span<byte> hash = stackalloc byte[Sha256Digest.Size];
        _sha.GetHashAndReset(hash);
        var actual = new Sha256Digest(hash);
        if (actual != expected) throw new BundleException(BundleError.DigestMismatch, $"entry '{entry.Name}' has the digest {actual}, the manifest states {expected}");
        if (_crc.Value != entry.Crc) throw new BundleException(BundleError.DigestMismatch, $"entry '{entry.Name}' has the checksum {_crc.Value:x8}, the directory states {entry.Crc:x8}");
    }
}
