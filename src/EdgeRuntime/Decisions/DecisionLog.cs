using System.Buffers;
using System.Threading.Channels;
using EdgeRuntime.Serving.Logging;

namespace EdgeRuntime.Device.Decisions;

/// <summary>
/// Writes decisions to a file, a line each; when it is full it becomes FILE.1 in place of the one before. Whoever decides never waits: what finds no room is
/// counted. Disposed, it writes what is left.
/// </summary>
internal sealed class DecisionLog : IAsyncDisposable
{
    private const int Room = 1024;
    private const long Largest = 16 << 20;
    private static readonly TimeSpan LeaveTaking = TimeSpan.FromSeconds(2);

    private readonly string _path;
    private readonly EventLog _log;
    private readonly TimeProvider _time;
    private readonly Channel<DecisionLine> _lines;
    private readonly Task _writing;
    private long _lost;

    public DecisionLog(string path, EventLog log, TimeProvider time)
    {
        (_path, _log, _time) = (path, log, time);
        _lines = Channel.CreateBounded<DecisionLine>(new BoundedChannelOptions(Room) { SingleReader = true, FullMode = BoundedChannelFullMode.DropWrite }, _ => Interlocked.Increment(ref _lost));
        _writing = Task.Run(WriteAsync);
    }

    public void Add(RouteRecord route) => _lines.Writer.TryWrite(new DecisionLine(_time.GetUtcNow(), route, null));

    public void Add(RungRecord rung) => _lines.Writer.TryWrite(new DecisionLine(_time.GetUtcNow(), null, rung));

    public async ValueTask DisposeAsync()
    {
        _lines.Writer.TryComplete();
        await _writing.WaitAsync(LeaveTaking, _time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (Interlocked.Read(ref _lost) is > 0 and var lost) _log.Warning("offload", $"{lost} decisions found no room in the log of decisions");
    }

    private async Task WriteAsync()
    {
        try
        {
            while (await _lines.Reader.WaitToReadAsync().ConfigureAwait(false)) await WriteFileAsync().ConfigureAwait(false);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            _log.Warning("offload", $"decisions are not logged any more: {error.Message}");
        }
    }

    // A number that JSON has none for is a bug, which must not end the log.
    private bool TryWrite(in DecisionLine one, IBufferWriter<byte> line)
    {
        try
        {
            one.Write(line);
            return true;
        }
        catch (ArgumentException)
        {
            Interlocked.Increment(ref _lost);
            return false;
        }
    }

    // One file, until it is full.
    private async Task WriteFileAsync()
    {
        var line = new ArrayBufferWriter<byte>();
        var file = new FileStream(_path, FileMode.Append, FileAccess.Write, FileShare.Read);
        await using (file.ConfigureAwait(false))
        {
            while (file.Position < Largest && await _lines.Reader.WaitToReadAsync().ConfigureAwait(false))
            {
                while (file.Position < Largest && _lines.Reader.TryRead(out var one))
                {
                    line.ResetWrittenCount();
                    if (!TryWrite(one, line)) continue;
                    await file.WriteAsync(line.WrittenMemory).ConfigureAwait(false);
                }
                await file.FlushAsync().ConfigureAwait(false);
            }
            if (file.Position < Largest) return;
        }
        File.Move(_path, _path + ".1", overwrite: true);
    }
}
