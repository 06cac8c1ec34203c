using System.Runtime.InteropServices;
using EdgeRuntime.Bundles;
using EdgeRuntime.Inference;
using EdgeRuntime.Messaging.OpenInference;

namespace EdgeRuntime.Serving.Lanes;

/// <summary>Scores of [batch, steps, classes] become <c>text</c> (BYTES) and <c>score</c> (FP32) of [batch].</summary>
internal sealed class CtcAnswer : AnswerStep
{
    private readonly CtcDecoder _decoder;
    private readonly byte[] _text, _score;
    private readonly PayloadBuffer _texts = new();
    private float[] _scores = new float[1];
    private byte[] _line = new byte[256];

    public CtcAnswer(int output, string prefix, CtcDecoder decoder)
        : base(output, prefix) => (_decoder, _text, _score) = (decoder, Name("text"), Name("score"));

    public override void Append(OutputView view, InferenceRequest request, PayloadFormat? accept, InferenceResponse response)
    {
        if (view.Type != ElementType.Float32 || view.Shape.Length != 3) throw Unfit("ctc", view, "Float32[batch,steps,classes]");
        int batch = (int)view.Shape[0], steps = (int)view.Shape[1], classes = (int)view.Shape[2];
        Reserve(batch, _decoder.MaximumBytes(steps));
        var scores = view.As<float>();
        for (int i = 0; i < batch; i++)
        {
            var found = _decoder.Decode(scores.Slice(i * steps * classes, steps * classes), classes, _line);
            BytesElements.Append(_texts, _line.AsSpan(0, found.Bytes));
            _scores[i] = found.Score;
        }
        ReadOnlySpan<long> shape = [batch];
        response.Outputs.Add(_text, TensorDataType.Bytes, shape, _texts.WrittenSpan, request.WantsBinary(_text, accept));
        response.Outputs.Add(_score, TensorDataType.Float32, shape, MemoryMarshal.AsBytes(_scores.AsSpan(0, batch)), request.WantsBinary(_score, accept));
    }

    private void Reserve(int batch, int lineBytes)
    {
        _texts.Clear();
        if (_scores.Length < batch) _scores = new float[batch];
        if (_line.Length < lineBytes) _line = new byte[lineBytes];
    }
}
