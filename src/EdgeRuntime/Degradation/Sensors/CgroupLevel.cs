namespace EdgeRuntime.Device.Degradation.Sensors;

/// <summary>
/// The limits of one cgroup. What is cached of files counts as free, but for what some process has mapped: weights are read at every run, and where the
/// kernel takes them back they are read from the disk again. Its lists of what is active do not tell the two apart.
/// </summary>
internal sealed class CgroupLevel(string folder, bool isUnified) : IDisposable
{
    private const long Unlimited = 1L << 60;

    private readonly KernelFile _most = new(Path.Join(folder, isUnified ? "memory.max" : "memory.limit_in_bytes"));
    private readonly KernelFile? _high = isUnified ? new(Path.Join(folder, "memory.high")) : null;
    private readonly KernelFile _used = new(Path.Join(folder, isUnified ? "memory.current" : "memory.usage_in_bytes"));
    private readonly KernelFile _parts = new(Path.Join(folder, "memory.stat"));
    private readonly byte[] _inactive = isUnified ? "inactive_file "u8.ToArray() : "total_inactive_file "u8.ToArray();
    private readonly byte[] _active = isUnified ? "active_file "u8.ToArray() : "total_active_file "u8.ToArray();
    private readonly byte[] _mapped = isUnified ? "file_mapped "u8.ToArray() : "total_mapped_file "u8.ToArray();

    /// <summary>Its limit and what is left of it, which is negative where more is used; null where it has none.</summary>
    public (long Limit, long HeadRoom)? Read(Span<byte> buffer)
    {
        long limit = Math.Min(Limit(_most), Limit(_high));
        if (limit == long.MaxValue || _used.Number() is not (>= 0 and < Unlimited and var used)) return null;
        return (limit, limit - (used - Math.Clamp(Idle(_parts.Read(buffer)), 0, used)));
    }

    public void Dispose()
    {
        _most.Dispose();
        _high?.Dispose();
        _used.Dispose();
        _parts.Dispose();
    }

    // Files in memory (tmpfs) are on neither list, and yet among what is mapped: what is free is more than this says, if anything.
    private long Idle(ReadOnlySpan<byte> text) => Bytes(text, _inactive) + Bytes(text, _active) - Bytes(text, _mapped);

    private static long Bytes(ReadOnlySpan<byte> text, byte[] word) => KernelText.Field(text, word) is >= 0 and < Unlimited and var bytes ? bytes : 0;

    // The text 'max' is no number either.
    private static long Limit(KernelFile? file) => file?.Number() is > 0 and < Unlimited and var limit ? limit : long.MaxValue;
}
