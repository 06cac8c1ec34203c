using System.Runtime.InteropServices;
using EdgeRuntime.Packaging.Import;

namespace EdgeRuntime.Packaging.Passes;

/// <summary>Float32 bytes as float16 ones, rounded to nearest even, converted while they are read.</summary>
internal sealed class HalfContent(TensorContent source) : TensorContent
{
    public override long Length => source.Length / 2;

    public override Stream Open() => new LimitedStream(new HalfStream(source.Open()), Length);

    private sealed class HalfStream(Stream inner) : Stream
    {
        private const int Block = 1 << 16;
        private readonly byte[] _floats = new byte[Block * sizeof(float)], _halves = new byte[Block * 2];
        private int _at, _filled;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            if (_at == _filled) Fill();
            var count = Math.Min(buffer.Length, _filled - _at);
            _halves.AsSpan(_at, count).CopyTo(buffer);
            _at += count;
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
            if (disposing) inner.Dispose();
            base.Dispose(disposing);
        }

        private void Fill()
        {
            var floats = MemoryMarshal.Cast<byte, float>(_floats.AsSpan(0, inner.ReadAtLeast(_floats, _floats.Length, throwOnEndOfStream: false)));
            var halves = MemoryMarshal.Cast<byte, Half>(_halves.AsSpan());
            for (var i = 0; i < floats.Length; i++) halves[i] = (Half)floats[i];
            (_at, _filled) = (0, floats.Length * 2);
        }
    }
}
