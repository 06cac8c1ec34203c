using System.Runtime.InteropServices;
using EdgeRuntime.Bundles;
using EdgeRuntime.Inference;
using EdgeRuntime.Messaging.OpenInference;

namespace EdgeRuntime.Serving.Lanes;

/// <summary>Scores of [batch, classes] become <c>index</c> (INT64), <c>score</c> (FP32) and, with labels, <c>label</c> (BYTES) of [batch, k].</summary>
internal sealed class TopKAnswer : AnswerStep
{
    private readonly int _k;
    private readonly bool _softmax;
    private readonly Labels? _labels;
    private readonly byte[] _label, _score, _index;
    private readonly PayloadBuffer _names = new();
    private long[] _indices = [];
    private float[] _scores = [];

    public TopKAnswer(int output, string prefix, int k, bool softmax, Labels? labels)
        : base(output, prefix)
    {
        (_k, _softmax, _labels) = (k, softmax, labels);
        (_label, _score, _index) = (Name("label"), Name("score"), Name("index"));
    }

    public override void Append(OutputView view, InferenceRequest request, PayloadFormat? accept, InferenceResponse response)
    {
        if (view.Type != ElementType.Float32 || view.Shape.Length < 2) throw Unfit("top-k", view, "Float32[batch,classes]");
        int batch = (int)view.Shape[0], classes = batch == 0 ? 0 : view.Data.Length / sizeof(float) / batch;
        if (_labels is not null && classes != _labels.Count) throw Unfit("top-k", view, $"as many classes as there are labels, {_labels.Count}");
        int k = Math.Min(_k, classes);
        Select(view.As<float>(), batch, classes, k);
        ReadOnlySpan<long> shape = [batch, k];
        if (_labels is not null) response.Outputs.Add(_label, TensorDataType.Bytes, shape, Names(batch * k), request.WantsBinary(_label, accept));
        response.Outputs.Add(_score, TensorDataType.Float32, shape, MemoryMarshal.AsBytes(_scores.AsSpan(0, batch * k)), request.WantsBinary(_score, accept));
        response.Outputs.Add(_index, TensorDataType.Int64, shape, MemoryMarshal.AsBytes(_indices.AsSpan(0, batch * k)), request.WantsBinary(_index, accept));
    }

    private void Select(ReadOnlySpan<float> scores, int batch, int classes, int k)
    {
        if (_indices.Length < batch * k) (_indices, _scores) = (new long[batch * k], new float[batch * k]);
        for (int i = 0; i < batch; i++)
        {
            var row = scores.Slice(i * classes, classes);
            var indices = _indices.AsSpan(i * k, k);
            var values = _scores.AsSpan(i * k, k);
            _ = _softmax ? TopK.SelectProbabilities(row, indices, values) : TopK.Select(row, indices, values);
        }
    }

    private ReadOnlySpan<byte> Names(int count)
    {
        _names.Clear();
        for (int i = 0; i < count; i++) BytesElements.Append(_names, _labels![(int)_indices[i]]);
        return _names.WrittenSpan;
    }
}
