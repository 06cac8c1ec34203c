using EdgeRuntime.Bundles;
using EdgeRuntime.Inference.Native;
using Microsoft.ML.OnnxRuntime;

namespace EdgeRuntime.Inference.Runs;

/// <summary>One output: the tensor that the model left, in CPU memory, and a note of its shape.</summary>
internal sealed unsafe class OutputBinding(TensorSpec spec) : IDisposable
{
    private readonly Utf8Name _name = new(spec.Name);
    private nint _value;
    private void* _data;
    private long[] _shape = new long[Math.Max(spec.Shape.Count, 1)];
    private int _rank;
    private ElementType _type;
    private int _bytes;

    public TensorSpec Spec { get; } = spec;

    /// <summary>Lets the next run make a tensor of the shape that comes out.</summary>
    public void Bind(nint binding) =>
        OnnxApi.BindOutputToDevice(binding, _name.Pointer, OrtMemoryInfo.DefaultInstance.DangerousGetHandle());

    /// <summary>Takes over the tensor of a run, and drops the one before.</summary>
    public void Take(nint value)
    {
        OnnxApi.ReleaseValue(_value);
        _value = value;
        _type = (ElementType)OnnxApi.TensorType(value, ref _shape, out _rank);
        _data = OnnxApi.TensorData(value);
        _bytes = (int)Bytes();
    }

    public OutputView View() => new(_type, _shape.AsSpan(0, _rank), new ReadOnlySpan<byte>(_data, _bytes));

    public void Dispose()
    {
        OnnxApi.ReleaseValue(_value);
        _value = 0;
        _name.Dispose();
    }

    // An output, unlike an input, may be empty: nothing found.
    private long Bytes()
    {
        long bytes = TensorSize.OfElement(_type);
        for (int axis = 0; axis < _rank; axis++) bytes *= _shape[axis];
        return bytes <= TensorSize.Limit
            ? bytes
            : throw new InferenceException(InferenceError.ExecutionFailed, $"output '{Spec.Name}' has {bytes} bytes, over the limit of {TensorSize.Limit}");
    }
}
