using static EdgeRuntime.Packaging.Onnx.TensorProto.Types;

namespace EdgeRuntime.Packaging.Linting;

// x = scale (q - zero)
/// <summary>How a model stores a value in whole numbers.</summary>
/// <param name="Name">Of the value.</param>
/// <param name="Type">Of its elements.</param>
/// <param name="Scales">One, or one a channel; null where they are found at run time.</param>
/// <param name="Zeros">As many; null where they are found at run time.</param>
/// <param name="Axis">Of the channels, as the model says it.</param>
internal sealed record ByteForm(string Name, DataType Type, float[]? Scales, int[]? Zeros, long Axis = 1)
{
    public bool IsDynamic => Scales is null;

    public bool IsPerChannel => Scales is { Length: > 1 };

    /// <summary>Whether 0 stands for 0 everywhere.</summary>
    public bool IsSymmetric => Zeros is { } zeros && zeros.All(zero => zero == 0);

    public bool IsSameAs(ByteForm other) => Type == other.Type && Scales is not null && other.Scales is not null && Scales.SequenceEqual(other.Scales) && Zeros!.SequenceEqual(other.Zeros!);

    public string Shown => IsDynamic ? $"{Type}, found at run time" : $"{Type}, scale {Scales![0]:g6}, zero point {Zeros![0]}";
}
