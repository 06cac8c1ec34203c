using EdgeRuntime.Packaging.Calibration;

namespace EdgeRuntime.Packaging.Quantization;

// y = Concat(a, b), z = Concat(y, c)  ==>  a, b, c, y and z have one range
/// <summary>
/// One range for all that Concats read and make, also through ops that move bytes. A Concat makes whatever it reads, so the range of what Concats
/// make is that of all: the widest, where several are joined.
/// </summary>
internal sealed class SharedRanges
{
    private readonly Dictionary<string, string> _parents = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ValueRange> _ranges = new(StringComparer.Ordinal);

    /// <summary>Null where a value keeps a range of its own.</summary>
    public ValueRange? this[string value] => _ranges.TryGetValue(Root(value), out var range) ? range : null;

    /// <param name="nodes">Of the plan; none where ranges need not be shared.</param>
    /// <param name="range">Chosen for a value.</param>
    public static SharedRanges Of(IReadOnlyList<ByteNode> nodes, Func<string, ValueRange> range)
    {
        var made = new SharedRanges();
        foreach (var node in nodes.Where(node => node.Form is KernelForm.Join or KernelForm.Carrier))
            foreach (var operand in node.Operands) made.Unite(operand, node.Output);
        foreach (var join in nodes.Where(node => node.Form == KernelForm.Join)) made.Widen(made.Root(join.Output), range(join.Output));
        return made;
    }

    private void Unite(string one, string other)
    {
        if (Root(one) is var root && root != Root(other)) _parents[root] = Root(other);
    }

    private void Widen(string root, ValueRange range) => _ranges[root] = _ranges.TryGetValue(root, out var known)
        ? new ValueRange(Math.Min(known.Low, range.Low), Math.Max(known.High, range.High))
        : range;

    private string Root(string value)
    {
        while (_parents.TryGetValue(value, out var parent)) value = parent;
        return value;
    }
}
