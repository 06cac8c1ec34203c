using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using EdgeRuntime.Benchmarks.Measuring;

namespace EdgeRuntime.Benchmarks.Startup;

/// <summary>Whether the runtime and its peer compute the same: the text, and every number of the model's output.</summary>
internal static class AnswerComparison
{
    /// <returns>The largest absolute difference.</returns>
    /// <exception cref="InvalidDataException">Shape or text differ.</exception>
    public static double Measure(BenchRun run, TextModel model, InferProgram ours)
    {
        var raw = Path.Combine(run.Scratch, "node.f32");
        var node = NodeScript.Run("answer.mjs", TextModel.Model, TextModel.Labels, model.TensorValues, TextModel.TensorShape, Invariant(BenchRun.Threads), raw);
        using var theirs = JsonDocument.Parse(node.Output);
        var text = Output(ours.Run(model.TensorNpz).Output, "text").First().GetString();
        if (text != theirs.RootElement.GetProperty("text").GetString())
            throw new InvalidDataException($"the runtime read '{text}', its peer '{theirs.RootElement.GetProperty("text")}'");
        return Largest(OurNumbers(run, model, ours), MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(raw)));
    }

    private static double[] OurNumbers(BenchRun run, TextModel model, InferProgram ours)
    {
        var request = Path.Combine(run.Scratch, "raw.json");
        File.WriteAllText(request, RawRequest(MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(model.TensorValues))));
        return [.. Output(ours.Run(request).Output, null).Select(number => number.GetDouble())];
    }

    private static string RawRequest(ReadOnlySpan<float> values)
    {
        var json = new StringBuilder($$"""{"parameters":{"postprocess":false},"inputs":[{"name":"x","datatype":"FP32","shape":[{{TextModel.TensorShape}}],"data":[""");
        for (var i = 0; i < values.Length; i++) json.Append(i == 0 ? "" : ",").Append(values[i].ToString("R", CultureInfo.InvariantCulture));
        return json.Append("]}]}").ToString();
    }

    private static JsonElement[] Output(string answer, string? name)
    {
        using var document = JsonDocument.Parse(answer);
        var outputs = document.RootElement.GetProperty("outputs").EnumerateArray();
        var output = outputs.First(output => name is null || output.GetProperty("name").GetString() == name);
        return [.. output.GetProperty("data").EnumerateArray().Select(element => element.Clone())];
    }

    private static double Largest(double[] left, ReadOnlySpan<float> right)
    {
        if (left.Length != right.Length) throw new InvalidDataException($"the runtime gave {left.Length} numbers, its peer {right.Length}");
        double largest = 0;
        for (var i = 0; i < left.Length; i++) largest = Math.Max(largest, Math.Abs(left[i] - right[i]));
        return largest;
    }

    private static string Invariant(int number) => number.ToString(CultureInfo.InvariantCulture);
}
