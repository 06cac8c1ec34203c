using EdgeRuntime.Bundles;
using EdgeRuntime.Inference.Native;
using Microsoft.ML.OnnxRuntime;

namespace EdgeRuntime.Inference.Runs;

/// <summary>One input: its buffer and the tensor over it, made anew only when the shape changes or the buffer moves.</summary>
internal sealed unsafe class InputBinding(TensorSpec spec) : IDisposable
{
    private readonly Utf8Name _name = new(spec.Name);
    private readonly NativeBuffer _buffer = new();
    private readonly long[] _shape = new long[spec.Shape.Count];
    private nint _value;
    private bool _bound;

    public TensorSpec Spec { get; } = spec;

    /// <summary>Makes the tensor have a shape that has been checked; true where it is another tensor than before.</summary>
    public bool Reserve(ReadOnlySpan<long> shape, int bytes)
    {
        bool moved = _buffer.Reserve((nuint)bytes);
        if (!moved && _value != 0 && shape.SequenceEqual(_shape)) return false;
        shape.CopyTo(_shape);
        OnnxApi.ReleaseValue(_value);
        _value = 0;
        _value = OnnxApi.CreateTensor(OrtMemoryInfo.DefaultInstance.DangerousGetHandle(), _buffer.Pointer, (nuint)bytes, shape, (int)Spec.Type);
        _bound = false;
        return true;
    }

    /// <summary>What the last shape covers.</summary>
    public ReadOnlySpan<byte> Bound => _value == 0 ? [] : new(_buffer.Pointer, (int)TensorSize.Of(Spec.Type, _shape));

    public Span<byte> Data(int bytes) => new(_buffer.Pointer, bytes);

    public void Unbound() => _bound = false;

    public void Bind(nint binding)
    {
        if (_bound) return;
        if (_value == 0) throw new InferenceException(InferenceError.ShapeMismatch, $"input '{Spec.Name}' is not given");
        OnnxApi.BindInput(binding, _name.Pointer, _value);
        _bound = true;
    }

    public void Dispose()
    {
        OnnxApi.ReleaseValue(_value);
        _value = 0;
        _buffer.Dispose();
        _name.Dispose();
    }
}
