using System.Globalization;
using System.Text.Json;
using EdgeRuntime.Bundles;
using EdgeRuntime.Messaging.OpenInference;
using EdgeRuntime.TestKit.Models;
using Xunit;

namespace EdgeRuntime.Serving.Tests.Lanes.Batching;

/// <summary>Requests that share runs are answered as if each had run alone.</summary>
public sealed class BatchingTests
{
    // Sums of up to a few hundred products in another order: 2^-24 each, relative to values of about 1.
    private const double Tolerance = 1e-4;

    [Fact]
    public void Serve_ManyWait_BatchesGrowAndAnswersAreThoseOfSingleRuns()
    {
        using var lane = new LaneFixture(TestModels.Mlp(inputs: 8, hidden: 256, outputs: 3));
        var random = new Random(1);
        int fewest = int.MaxValue;
        for (int round = 0; round < 40; round++)
        {
            var requests = Enumerable.Range(0, 24).Select(_ => Request(random, rows: 1, 8)).ToList();
            var sent = requests.ConvertAll(json => lane.Add(json));
            fewest = Math.Min(fewest, lane.ServeAll());
            for (int i = 0; i < sent.Count; i++) AssertSame(lane.Alone(requests[i]), sent[i]);
        }
        Assert.True(fewest <= 12, $"24 requests took {fewest} runs at least; log:\n{lane.Log}");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Serve_ShapesAndRowsAtRandom_EachGetsItsOwnAnswer(int seed)
    {
        using var lane = new LaneFixture(TestModels.SmallCnn(channels: 4));
        var random = new Random(seed);
        for (int round = 0; round < 15; round++)
        {
            var requests = Enumerable.Range(0, random.Next(1, 12)).Select(_ => Image(random)).ToList();
            var sent = requests.ConvertAll(json => lane.Add(json));
            lane.ServeAll();
            for (int i = 0; i < sent.Count; i++) AssertSame(lane.Alone(requests[i]), sent[i]);
        }
    }

    [Fact]
    public void Serve_RowsDependOnEachOther_NoRunIsShared()
    {
        using var lane = new LaneFixture(TestModels.SoftmaxOverRows());
        for (int round = 0; round < 3; round++)
        {
            var sent = Enumerable.Range(0, 6).Select(i => lane.Add($$"""{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[{{i}},2]}]}""")).ToList();
            Assert.Equal(round == 0 ? 5 : 6, lane.ServeAll()); // the pair of the proof
            Assert.All(sent, request => AssertSame("""{"outputs":[{"data":[1,1]}]}""", request));
        }
        Assert.Contains("requests do not share runs: output 'y' changes in a batch", lane.Log, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Rehearse_RowsDependOnEachOther_TheFirstRequestsShareNoRun(int vectors)
    {
        using var lane = new LaneFixture(TestModels.SoftmaxOverRows(), Golden(vectors, [2]));
        lane.Rehearse();
        var sent = Enumerable.Range(0, 6).Select(i => lane.Add($$"""{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[{{i}},2]}]}""")).ToList();
        Assert.Equal(6, lane.ServeAll());
        Assert.All(sent, request => AssertSame("""{"outputs":[{"data":[1,1]}]}""", request));
        Assert.Contains("requests do not share runs: output 'y' changes in a batch", lane.Log, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(0, 2)] // nothing to rehearse with: a pair runs alone to prove it
    public void Rehearse_RowsAreIndependent_TheFirstRequestsShareARun(int vectors, int runs)
    {
        using var lane = new LaneFixture(TestModels.Mlp(inputs: 8, hidden: 16, outputs: 3), Golden(vectors, [8]));
        lane.Rehearse();
        var random = new Random(1);
        var requests = Enumerable.Range(0, 2).Select(_ => Request(random, rows: 1, 8)).ToList();
        var sent = requests.ConvertAll(json => lane.Add(json));
        lane.ServeAll();
        Assert.Equal(runs, lane.Metrics.Model("m").BatchSize.Count());
        for (int i = 0; i < sent.Count; i++) AssertSame(lane.Alone(requests[i]), sent[i]);
    }

    private static Func<BundleWriter, Manifest, Manifest> Golden(int vectors, long[] row) => (writer, manifest) =>
    {
        for (int i = 0; i < vectors; i++) writer.Add($"golden/{i}.npz", Npz.Write([new NamedArray("x", ElementType.Float32, [1, .. row], new byte[4 * row[0]])]));
        return manifest with { Golden = [.. Enumerable.Range(0, vectors).Select(i => new GoldenVector { Inputs = $"golden/{i}.npz", Outputs = $"golden/{i}.npz" })] };
    };

    [Fact]
    public void Serve_FirstAxisIsNoBatch_NoRunIsShared()
    {
        using var lane = new LaneFixture(TestModels.Reshape(3));
        var sent = Enumerable.Range(0, 4).Select(_ => lane.Add("""{"inputs":[{"name":"x","shape":[6],"datatype":"FP32","data":[1,2,3,4,5,6]}]}""")).ToList();
        lane.ServeAll();
        Assert.All(sent, request => AssertSame("""{"outputs":[{"data":[1,2,3,4,5,6]}]}""", request));
    }

    [Fact]
    public void Serve_OneFailsTheRun_ItsCompanionsAreAnswered()
    {
        using var lane = new LaneFixture(TestModels.Lookup(rows: 4));
        for (int round = 0; round < 12; round++)
        {
            var sent = Enumerable.Range(0, 12).Select(i => lane.Add(Index(i % 4))).ToList();
            var poison = lane.Add(Index(99));
            var after = lane.Add(Index(1));
            lane.ServeAll();
            Assert.Equal(InferenceStatus.Internal, poison.Status);
            Assert.All(sent.Append(after), request => Assert.Equal((InferenceStatus.Ok, 1), (request.Status, request.Answers)));
        }
    }

    [Fact]
    public void Serve_Malformed_IsAnsweredByItselfAndHarmsNoOther()
    {
        using var lane = new LaneFixture(TestModels.Mlp(inputs: 2));
        var random = new Random(1);
        for (int round = 0; round < 5; round++)
        {
            var good = Enumerable.Range(0, 3).Select(_ => lane.Add(Request(random, 1, 2))).ToList();
            var bad = lane.Add("{");
            var last = lane.Add(Request(random, 1, 2));
            lane.ServeAll();
            Assert.Equal(InferenceStatus.InvalidArgument, bad.Status);
            Assert.All(good.Append(last).Append(bad), request => Assert.True(request.IsDisposed && request.Answers == 1));
            Assert.All(good.Append(last), request => Assert.Equal(InferenceStatus.Ok, request.Status));
        }
    }

    [Fact]
    public void Serve_SizesOfOneBucket_ArePaddedAndTheAnswersAreNot()
    {
        using var lane = new LaneFixture(TestModels.Identity(1, -1, -1, 2), Padded);
        int fewest = int.MaxValue;
        for (int round = 0; round < 40; round++)
        {
            var requests = Enumerable.Range(0, 16).Select(i => Steps(1 + (i + round) % 4, i + 1)).ToList();
            var sent = requests.ConvertAll(json => lane.Add(json));
            fewest = Math.Min(fewest, lane.ServeAll());
            for (int i = 0; i < sent.Count; i++) Assert.Equal(lane.Alone(requests[i]), sent[i].Outputs);
        }
        Assert.True(fewest <= 12, $"16 requests took {fewest} runs at least; log:\n{lane.Log}");
    }

    [Fact]
    public void Serve_BatchesAreOff_EachRunsAlone()
    {
        using var lane = new LaneFixture(TestModels.Mlp(inputs: 2), batch: 1);
        var random = new Random(1);
        for (int i = 0; i < 5; i++) lane.Add(Request(random, 1, 2));
        Assert.Equal(5, lane.ServeAll());
    }

    private static Manifest Padded(BundleWriter writer, Manifest manifest) => manifest with
    {
        Inputs = [manifest.Inputs[0] with { Padding = new PaddingRule { Axis = 1, Buckets = [4, 8], Value = 0 } }],
    };

    private static void AssertSame(string expected, CollectedRequest request)
    {
        Assert.Equal((InferenceStatus.Ok, 1), (request.Status, request.Answers));
        using var left = JsonDocument.Parse(expected[0] == '{' ? expected : $"{{{expected}}}");
        using var right = JsonDocument.Parse(request.Text);
        var wanted = Data(left);
        var given = Data(right);
        Assert.Equal(wanted.Count, given.Count);
        for (int i = 0; i < wanted.Count; i++) Assert.Equal(wanted[i], given[i], Tolerance * Math.Max(1, Math.Abs(wanted[i])));
    }

    private static List<double> Data(JsonDocument answer) =>
        [.. answer.RootElement.GetProperty("outputs").EnumerateArray().SelectMany(output => output.GetProperty("data").EnumerateArray().Select(value => value.GetDouble()))];

    private static string Request(Random random, int rows, int columns) => Tensor("FP32", [rows, columns], Enumerable.Range(0, rows * columns).Select(_ => random.NextDouble() - 0.5));

    private static string Image(Random random)
    {
        var (rows, height, width) = (random.Next(1, 3), 8, 8 + 4 * random.Next(2));
        return Tensor("FP32", [rows, 3, height, width], Enumerable.Range(0, rows * 3 * height * width).Select(_ => random.NextDouble() - 0.5));
    }

    private static string Steps(int steps, int value) => Tensor("FP32", [1, steps, 2], Enumerable.Range(0, 2 * steps).Select(i => (double)(value * 10 + i)));

    private static string Index(int index) => Tensor("INT64", [1, 1], [index]);

    private static string Tensor(string type, long[] shape, IEnumerable<double> values) => string.Create(CultureInfo.InvariantCulture,
        $$"""{"inputs":[{"name":"x","shape":[{{string.Join(',', shape)}}],"datatype":"{{type}}","data":[{{string.Join(',', values.Select(value => value.ToString("g6", CultureInfo.InvariantCulture)))}}]}]}""");
}
