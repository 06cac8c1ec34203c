using EdgeRuntime.Bundles;
using EdgeRuntime.Inference;
using EdgeRuntime.Messaging.OpenInference;

namespace EdgeRuntime.Serving.Lanes.Batching;

/// <summary>What one request puts into a model's inputs: tensors where the request holds them, or a copy of what its image became. One thread; buffers are kept.</summary>
internal sealed class MemberInputs(int inputs)
{
    private readonly int[] _places = new int[inputs]; // among the request's tensors
    private InferenceRequest? _request;
    private IReadOnlyList<NamedArray>? _arrays;
    private byte[] _image = [];
    private long[] _imageShape = [];
    private int _imageInput = -1, _imageBytes;

    /// <summary>The first dimension of the first input.</summary>
    public int Rows => Shape(0) is [var rows, ..] ? (int)Math.Min(rows, int.MaxValue) : 1;

    public ReadOnlySpan<byte> Data(int input) =>
        input == _imageInput ? _image.AsSpan(0, _imageBytes) : _arrays is null ? _request!.Inputs[_places[input]].Data : _arrays[input].Data;

    public ReadOnlySpan<long> Shape(int input) => input == _imageInput ? _imageShape : _arrays is null ? _request!.Inputs[_places[input]].Shape : _arrays[input].Shape;

    /// <summary>Begins anew with the tensors of a request, which must outlive it.</summary>
    public void Begin(InferenceRequest request) => (_request, _arrays, _imageInput) = (request, null, -1);

    /// <summary>Begins anew with arrays, in the order of the model's inputs.</summary>
    public void Begin(IReadOnlyList<NamedArray> arrays) => (_request, _arrays, _imageInput) = (null, arrays, -1);

    public void Set(int input, int place) => _places[input] = place;

    /// <summary>Takes a copy of an image's tensor.</summary>
    public void SetImage(int input, OutputView tensor)
    {
        if (_image.Length < tensor.Data.Length) _image = new byte[tensor.Data.Length];
        if (_imageShape.Length != tensor.Shape.Length) _imageShape = new long[tensor.Shape.Length];
        tensor.Data.CopyTo(_image);
        tensor.Shape.CopyTo(_imageShape);
        (_imageInput, _imageBytes) = (input, tensor.Data.Length);
    }

    /// <summary>Whether both can share a run.</summary>
    public bool Fits(MemberInputs other, BatchRules rules)
    {
        for (int input = 0; input < inputs; input++)
        {
            ReadOnlySpan<long> mine = Shape(input), others = other.Shape(input);
            if (mine.Length != others.Length || mine.IsEmpty || mine[0] != Rows || others[0] != other.Rows) return false;
            for (int axis = 1; axis < mine.Length; axis++)
            {
                if (mine[axis] == others[axis]) continue;
                if (input != rules.PaddedInput || axis != rules.PaddedAxis || rules.Bucket(mine[axis]) != rules.Bucket(others[axis])) return false;
            }
        }
        return true;
    }
}
