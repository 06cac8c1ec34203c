using System.Buffers.Text;
using System.IO.Enumeration;

namespace EdgeRuntime.Serving.Metrics;

/// <summary>What the kernel says of this process, from /proc/self; zero where it does not say. Read without a string for each line or file.</summary>
internal readonly record struct ProcessFacts
{
    private const int MostText = 8192;
    private const double TicksPerSecond = 100; // USER_HZ, the same on every architecture of ours

    /// <summary>Bytes that are this process's own.</summary>
    public long AnonymousBytes { get; private init; }
    /// <summary>Resident bytes of mapped files, weights above all; shared with other processes.</summary>
    public long FileBytes { get; private init; }
    public long ResidentBytes { get; private init; }
    public long VirtualBytes { get; private init; }
    public long Threads { get; private init; }
    public long Handles { get; private init; }
    public long MostHandles { get; private init; }
    public TimeSpan Cpu { get; private init; }

    public static ProcessFacts Read()
    {
        Span<byte> buffer = stackalloc byte[MostText];
        ReadOnlySpan<byte> limits = ReadText("/proc/self/limits", buffer);
        long mostHandles = Number(limits, "Max open files"u8);
        ReadOnlySpan<byte> status = ReadText("/proc/self/status", buffer);
        return new ProcessFacts
        {
            AnonymousBytes = Number(status, "RssAnon:"u8) << 10,
            FileBytes = (Number(status, "RssFile:"u8) + Number(status, "RssShmem:"u8)) << 10,
            ResidentBytes = Number(status, "VmRSS:"u8) << 10,
            VirtualBytes = Number(status, "VmSize:"u8) << 10,
            Threads = Number(status, "Threads:"u8),
            MostHandles = mostHandles,
            Handles = CountHandles(),
            Cpu = Environment.CpuUsage.TotalTime,
        };
    }

    /// <summary>How long ago the process started.</summary>
    public static TimeSpan Age()
    {
        const int StartTime = 22 - 3; // of stat's fields, counted after the name in parentheses, which may hold anything
        Span<byte> buffer = stackalloc byte[MostText];
        if (!Utf8Parser.TryParse(ReadText("/proc/uptime", buffer), out double uptime, out _)) return TimeSpan.Zero;
        var stat = ReadText("/proc/self/stat", buffer);
        stat = stat[(stat.LastIndexOf((byte)')') + 1)..].TrimStart((byte)' ');
        for (int i = 0; i < StartTime && !stat.IsEmpty; i++) stat = stat[(stat.IndexOf((byte)' ') + 1)..];
        return Utf8Parser.TryParse(stat, out long start, out _) ? TimeSpan.FromSeconds(Math.Max(0, uptime - start / TicksPerSecond)) : TimeSpan.Zero;
    }

    private static ReadOnlySpan<byte> ReadText(string path, Span<byte> buffer)
    {
        try
        {
            using var file = File.OpenHandle(path);
            int length = 0;
            for (int read; length < buffer.Length && (read = RandomAccess.Read(file, buffer[length..], length)) > 0;) length += read;
            return buffer[..length];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return []; // a sandbox may hide /proc
        }
    }

    private static long Number(ReadOnlySpan<byte> text, ReadOnlySpan<byte> name)
    {
        int at = text.IndexOf(name);
        if (at < 0) return 0;
        return Utf8Parser.TryParse(text[(at + name.Length)..].TrimStart(" \t"u8), out long value, out _) ? value : 0;
    }

    private static long CountHandles()
    {
        try
        {
            long count = -1; // the one that reads the folder
            foreach (var _ in new FileSystemEnumerable<byte>("/proc/self/fd", static (ref FileSystemEntry _) => 0)) count++;
            return Math.Max(0, count);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }
}
