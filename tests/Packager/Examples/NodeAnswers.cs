using System.Runtime.InteropServices;
using EdgeRuntime.Bundles;
using EdgeRuntime.Inference;
using EdgeRuntime.Packaging.Data;
using EdgeRuntime.Packaging.Evaluation;

namespace EdgeRuntime.Packaging.Tests.Examples;

/// <summary>Runs a node test's model and compares its answers with the right ones.</summary>
internal static class NodeAnswers
{
    /// <summary>What ONNX's own runner of these tests allows: onnx/backend/test/runner.</summary>
    private const double Relative = 1e-3, Absolute = 1e-7;

    public static IReadOnlyList<NamedArray> Of(string path, NodeTest test)
    {
        using var model = PlainModel.Open(path, new ExecutionOptions { Threads = 1 });
        using var context = model.CreateContext();
        SampleRun.On(context, model, new Sample(test.Name, test.Inputs, default), default);
        return SampleRun.Outputs(context, model);
    }

    /// <summary>What is wrong with the answers; null where they are right.</summary>
    public static string? Fault(NodeTest test, IReadOnlyList<NamedArray> answers)
    {
        foreach (var expected in test.Expected)
        {
            if (answers.FirstOrDefault(answer => answer.Name == expected.Name) is not { } answer) return $"there is no '{expected.Name}'";
            if (answer.Type != expected.Type || !answer.Shape.SequenceEqual(expected.Shape)) return $"'{expected.Name}' is {answer.Type}[{string.Join(',', answer.Shape)}], {expected.Type}[{string.Join(',', expected.Shape)}] is right";
            var (right, given) = (Numbers(expected), Numbers(answer));
            for (var i = 0; i < right.Length; i++)
                if (!right[i].Equals(given[i]) && !(Math.Abs(right[i] - given[i]) <= Absolute + Relative * Math.Abs(right[i]))) return $"element {i} of '{expected.Name}' is {given[i]}, {right[i]} is right";
        }
        return null;
    }

    private static double[] Numbers(NamedArray array) => array.Type switch
    {
        ElementType.Float32 => [.. MemoryMarshal.Cast<byte, float>(array.Data).ToArray().Select(value => (double)value)],
        ElementType.Float64 => MemoryMarshal.Cast<byte, double>(array.Data).ToArray(),
        ElementType.Float16 => [.. MemoryMarshal.Cast<byte, Half>(array.Data).ToArray().Select(value => (double)value)],
        _ => [.. array.Data.Select(value => value == 0 ? 0.0 : Exactly(value))],
    };

    /// <summary>Bytes of whole numbers have to be the same: no two of these are within the tolerance of each other.</summary>
    private static double Exactly(byte value) => Math.Pow(2, value);
}
