using EdgeRuntime.Inference.Specialisation;
using EdgeRuntime.Packaging.Onnx;
using EdgeRuntime.TestKit.Models;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using Xunit;

namespace EdgeRuntime.Inference.Tests.Specialisation;

public sealed class ShapeEraserTests
{
    [Fact]
    public void Rewrite_VaryingInput_ShapesGoAndAllElseStays()
    {
        var model = ModelProto.Parser.ParseFrom(TestModels.SmallCnn());
        var erased = ModelProto.Parser.ParseFrom(ShapeEraser.Rewrite(model.ToByteArray(), fewNodes: 0));
        foreach (var value in model.Graph.Input.Concat(model.Graph.Output)) value.Type.TensorType.Shape = null;
        Assert.Equal(model, erased);
    }

    [Fact]
    public void Rewrite_FixedInputs_KeepsEveryByte()
    {
        byte[] model = TestModels.Slow();
        Assert.Same(model, ShapeEraser.Rewrite(model, fewNodes: 0));
    }

    [Fact]
    public void Rewrite_FewNodes_KeepsEveryByte()
    {
        byte[] model = TestModels.SmallCnn();
        Assert.Same(model, ShapeEraser.Rewrite(model));
    }

    [Fact]
    public void Rewrite_VaryingInput_GivesTheSameAnswersBitForBit()
    {
        byte[] model = TestModels.SmallCnn();
        using var options = new SessionOptions { GraphOptimizationLevel = GraphOptimizationLevel.ORT_DISABLE_ALL }; // as specialised models are opened
        using var before = new InferenceSession(model, options);
        using var after = new InferenceSession(ShapeEraser.Rewrite(model, fewNodes: 0), options);
        foreach (int width in (int[])[16, 40]) Assert.Equal(Answer(before, width), Answer(after, width));
    }

    [Fact]
    public void Rewrite_BytesDamaged_EndsInAModelOrARefusal()
    {
        var random = new Random(7);
        byte[] model = TestModels.Identity();
        for (int i = 0; i < 3000; i++)
        {
            byte[] damaged = [.. model.AsSpan(0, random.Next(model.Length + 1))];
            if (damaged.Length > 0) damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            try
            {
                _ = ShapeEraser.Rewrite(damaged, fewNodes: 0);
            }
            catch (InferenceException error)
            {
                Assert.Equal(InferenceError.ModelInvalid, error.Error);
            }
        }
    }

    private static float[] Answer(InferenceSession session, int width)
    {
        var random = new Random(3);
        float[] data = [.. Enumerable.Range(0, 3 * 16 * width).Select(_ => random.NextSingle())];
        using var input = OrtValue.CreateTensorValueFromMemory(data, [1, 3, 16, width]);
        using var options = new RunOptions();
        using var outputs = session.Run(options, ["x"], [input], session.OutputNames);
        return outputs[0].GetTensorDataAsSpan<float>().ToArray();
    }
}
