using EdgeRuntime.Inference;

namespace EdgeRuntime.Serving.Lanes.Batching;

/// <summary>The requests of one run and where each lies in it. One alone is bound as it is. One thread; allocates nothing once it has grown.</summary>
internal sealed class Batch(BatchRules rules)
{
    private readonly List<BatchMember> _members = [];
    private long[] _shape = new long[8];

    public BatchRules Rules { get; } = rules;

    public int Count => _members.Count;

    public BatchMember this[int index] => _members[index];

    public int Rows { get; private set; }

    /// <summary>The size of the padded axis in this batch; 0 where all members have the same.</summary>
    public long PaddedSize { get; private set; }

    /// <summary>Whether the clients of all members gave them up.</summary>
    public bool IsUnwanted
    {
        get
        {
            foreach (var member in _members)
                if (!member.Pending.IsCancelled) return false;
            return true;
        }
    }

    public void Clear()
    {
        _members.Clear();
        (Rows, PaddedSize) = (0, 0);
    }

    public void Add(BatchMember member)
    {
        member.FirstRow = Rows;
        Rows += member.Inputs.Rows;
        if (_members.Count > 0 && Rules.PaddedInput >= 0 && Size(_members[0]) != Size(member)) PaddedSize = Rules.Bucket(Size(member));
        _members.Add(member);
    }

    /// <summary>The size of a member's padded axis before it is padded.</summary>
    public long Size(BatchMember member) => member.Inputs.Shape(Rules.PaddedInput)[Rules.PaddedAxis];

    /// <summary>Puts all members into the inputs of a model.</summary>
    /// <param name="context">The model's.</param>
    /// <param name="disturbed">A member whose elements are put in back to front; -1 for none.</param>
    public void Bind(RunContext context, int disturbed = -1)
    {
        for (int input = 0; input < Rules.Inputs.Count; input++)
        {
            if (Count == 1) context.BindInput(input, _members[0].Inputs.Data(input), _members[0].Inputs.Shape(input));
            else Join(context, input, disturbed);
        }
    }

    private void Join(RunContext context, int input, int disturbed)
    {
        bool isPadded = PaddedSize > 0 && input == Rules.PaddedInput;
        var target = context.MapInput(input, Shape(input, isPadded));
        for (int i = 0; i < _members.Count; i++)
        {
            var data = _members[i].Inputs.Data(input);
            if (isPadded) target = target[PaddingBuckets.Place(Rules.Inputs[input], data, _members[i].Inputs.Shape(input), PaddedSize, target)..];
            else
            {
                data.CopyTo(target);
                if (i == disturbed) Reverse(target[..data.Length], TensorSize.OfElement(Rules.Inputs[input].Type));
                target = target[data.Length..];
            }
        }
    }

    private static void Reverse(Span<byte> data, int elementSize)
    {
        data.Reverse();
        for (int at = 0; at < data.Length; at += elementSize) data.Slice(at, elementSize).Reverse();
    }

    private ReadOnlySpan<long> Shape(int input, bool isPadded)
    {
        var first = _members[0].Inputs.Shape(input);
        if (_shape.Length < first.Length) _shape = new long[first.Length];
        var shape = _shape.AsSpan(0, first.Length);
        first.CopyTo(shape);
        shape[0] = Rows;
        if (isPadded) shape[Rules.PaddedAxis] = PaddedSize;
        return shape;
    }
}
