namespace EdgeRuntime.Device.Degradation.Sensors;

/// <summary>The limits of one cgroup. What is cached of files and was not used lately counts as free: the kernel takes it back first.</summary>
internal sealed class CgroupLevel(string folder, bool isUnified) : IDisposable
{
    private const long Unlimited = 1L << 60;

    private readonly KernelFile _most = new(Path.Join(folder, isUnified ? "memory.max" : "memory.limit_in_bytes"));
    private readonly KernelFile? _high = isUnified ? new(Path.Join(folder, "memory.high")) : null;
    private readonly KernelFile _used = new(Path.Join(folder, isUnified ? "memory.current" : "memory.usage_in_bytes"));
    private readonly KernelFile _parts = new(Path.Join(folder, "memory.stat"));
    private readonly byte[] _idle = isUnified ? "inactive_file "u8.ToArray() : "total_inactive_file "u8.ToArray();

    /// <summary>Its limit and what is left of it, which is negative where more is used; null where it has none.</summary>
    public (long Limit, long HeadRoom)? Read(Span<byte> buffer)
    {
        long limit = Math.Min(Limit(_most), Limit(_high));
        if (limit == long.MaxValue || _used.Number() is not (>= 0 and < Unlimited and var used)) return null;
        long idle = Math.Clamp(KernelText.Field(_parts.Read(buffer), _idle) ?? 0, 0, used);
        return (limit, limit - (used - idle));
    }

    public void Dispose()
    {
        _most.Dispose();
        _high?.Dispose();
        _used.Dispose();
        _parts.Dispose();
    }

    // The text 'max' is no number either.
    private static long Limit(KernelFile? file) => file?.Number() is > 0 and < Unlimited and var limit ? limit : long.MaxValue;
}
