using EdgeRuntime.Packaging.Calibration;
using EdgeRuntime.Packaging.Graphs;
using EdgeRuntime.Packaging.Import;
using EdgeRuntime.Packaging.Onnx;

namespace EdgeRuntime.Packaging.Quantization.Smoothing;

/// <summary>Between what each channel of a value lies, and its mean square, over samples.</summary>
/// <param name="Low">The least of each channel.</param>
/// <param name="High">The most of each channel.</param>
/// <param name="Power">Of each channel, the mean of its squares.</param>
internal sealed record ChannelSpans(double[] Low, double[] High, double[] Power)
{
    private const int Samples = 32;
    private const long FirstWithAxesAsInput = 18;

    /// <summary>The largest magnitude of a channel.</summary>
    public double Peak(int channel) => Math.Max(-Low[channel], High[channel]);

    /// <summary>Has the model itself find them: nothing but three numbers a channel leaves a run.</summary>
    public static IReadOnlyDictionary<string, ChannelSpans> Of(Calibrator calibrator, OnnxModel model, IReadOnlyList<SmoothSite> sites)
    {
        var probe = model.Clone();
        var names = new NameSource(probe);
        probe.Graph.Output.Clear();
        foreach (var site in sites) Probe(probe, names, site);
        var answers = calibrator.Answers(probe, Samples);
        return sites.Select((site, at) => (site.Value, Spans: Merged([.. answers.Select(answer => answer.AsSpan(3 * at, 3).ToArray())]))).ToDictionary(site => site.Value, site => site.Spans, StringComparer.Ordinal);
    }

    private static void Probe(OnnxModel probe, NameSource names, SmoothSite site)
    {
        var shape = TensorValues.Of(names.Fresh(site.Value + "/rows"), [2], new[] { -1L, site.Channels }.AsSpan());
        var axes = TensorValues.Of(names.Fresh(site.Value + "/axes"), [1], new long[1].AsSpan());
        probe.Graph.Initializer.Add([shape, axes]);
        var rows = Add("Reshape", site.Value, shape.Name);
        var squares = Add("Mul", rows, rows);
        foreach (var (op, value) in new[] { ("ReduceMin", rows), ("ReduceMax", rows), ("ReduceMean", squares) })
        {
            var output = probe.Opset >= FirstWithAxesAsInput ? Add(op, value, axes.Name) : Add(op, value);
            probe.Graph.Node[^1].Attribute.Add(GraphBuilder.Attribute("keepdims", 0L));
            if (probe.Opset < FirstWithAxesAsInput) probe.Graph.Node[^1].Attribute.Add(GraphBuilder.Attribute("axes", new long[1]));
            probe.Graph.Output.Add(new ValueInfoProto { Name = output });
        }

        string Add(string op, params string[] inputs)
        {
            var output = names.Fresh($"{site.Value}/{op}");
            probe.Graph.Node.Add(NodeFacts.Make(op, inputs, output));
            return output;
        }
    }

    private static ChannelSpans Merged(IReadOnlyList<float[][]> samples)
    {
        var channels = samples[0][0].Length;
        var spans = new ChannelSpans(new double[channels], new double[channels], new double[channels]);
        for (var channel = 0; channel < channels; channel++)
        {
            spans.Low[channel] = samples.Min(sample => sample[0][channel]);
            spans.High[channel] = samples.Max(sample => sample[1][channel]);
            spans.Power[channel] = samples.Average(sample => (double)sample[2][channel]);
        }
        return spans;
    }
}
