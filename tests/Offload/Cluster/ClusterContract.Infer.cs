using System.Runtime.InteropServices;
using System.Text;
using EdgeRuntime.Messaging.OpenInference;
using EdgeRuntime.Offload.Cluster;
using EdgeRuntime.Offload.Tests.Support;
using Xunit;

namespace EdgeRuntime.Offload.Tests.Cluster;

public abstract partial class ClusterContract
{
    public static TheoryData<string> Types => new(TestTensor.Types);

    [Fact]
    public async Task Infer_RequestWithId_IsAnsweredByModelVersionAndId()
    {
        var response = await AnswerAsync(ServedModels.Echo, Requests.Echo("request-7"));
        Assert.Equal(("echo", "3", "request-7"), (ServedModels.Text(response.ModelName), ServedModels.Text(response.ModelVersion), ServedModels.Text(response.Id)));
        Assert.Equal(1, response.Outputs.Count);
        var output = response.Outputs[0];
        Assert.Equal(("y", TensorDataType.Float32), (ServedModels.Text(output.Name), output.DataType));
        Assert.Equal([1, 4], output.Shape.ToArray());
        Assert.Equal(Requests.Numbers, Requests.Floats(output.Data));
    }

    [Fact]
    public async Task Infer_OneVersion_IsAskedForAndAnswered()
    {
        var response = await AnswerAsync(ServedModels.Echo, Requests.Echo(), "1");
        Assert.Equal("1", ServedModels.Text(response.ModelVersion));
        Assert.Equal("1", Cluster.Seen.Single().Version);
    }

    [Theory]
    [MemberData(nameof(Types))]
    public async Task Infer_EveryDataType_ComesBackBitForBit(string type)
    {
        Assert.True(TensorDataTypes.TryParse(Encoding.ASCII.GetBytes(type), out var dataType));
        var request = Requests.Any(dataType, [3, 1], Requests.Sample(type));
        if (InJson && type == "BF16")
        {
            var outcome = await InferAsync(ServedModels.Any, request);
            Assert.Equal((InferenceStatus.InvalidArgument, ClusterFault.Request), (outcome.Status, outcome.Fault));
            return;
        }
        var output = (await AnswerAsync(ServedModels.Any, request)).Outputs[0];
        Assert.Equal(dataType, output.DataType);
        Assert.Equal([3, 1], output.Shape.ToArray());
        Assert.Equal(Requests.Sample(type), output.Data.ToArray());
    }

    [Theory]
    [InlineData(new long[0], 1)]
    [InlineData(new long[] { 0, 4 }, 0)]
    [InlineData(new long[] { 1, 1, 1, 2, 1, 3, 1, 1 }, 6)]
    public async Task Infer_ScalarEmptyAndManyDimensions_ComeBack(long[] shape, int elements)
    {
        var output = (await AnswerAsync(ServedModels.Any, Requests.Any(TensorDataType.Int32, shape, new byte[4 * elements]))).Outputs[0];
        Assert.Equal(shape, output.Shape.ToArray());
        Assert.Equal(4 * elements, output.Data.Length);
    }

    [Fact]
    public async Task Infer_SeveralTensors_KeepTheirNames()
    {
        var response = await AnswerAsync(ServedModels.Pair, Requests.Pair([10, 20, 30], [1, 2, 3]));
        Assert.Equal([11, 22, 33], MemoryMarshal.Cast<byte, int>(response.Outputs[response.Outputs.IndexOf("sum"u8)].Data).ToArray());
        Assert.Equal([9, 18, 27], MemoryMarshal.Cast<byte, int>(response.Outputs[response.Outputs.IndexOf("difference"u8)].Data).ToArray());
    }

    [Fact]
    public async Task Infer_OutputsAskedFor_AreThoseThatCome()
    {
        var request = Requests.Pair([5], [3]);
        request.Outputs.Add("difference"u8, binaryData: InJson, classification: 3);
        var response = await AnswerAsync(ServedModels.Pair, request);
        Assert.Equal(1, response.Outputs.Count);
        Assert.Equal(2, MemoryMarshal.Cast<byte, int>(response.Outputs[0].Data)[0]);
        var seen = Cluster.Seen.Single().Outputs.Single();
        Assert.Equal(("difference", 3L), (seen.Name, Assert.Single(seen.Parameters).Value));
    }

    [Fact]
    public async Task Infer_ParametersOfTheRequest_ArePassedOn_ThoseOfItsFormAreNot()
    {
        const string Json = """
            {"id":"7","parameters":{"sequence_id":7,"sequence_start":true,"scale":0.5,"language":"dé","binary_data_output":true,"negative":-1},
             "inputs":[{"name":"x","shape":[1,4],"datatype":"FP32","data":[1,2,3,4],"parameters":{"shared_memory_region":"secrets"}}],
             "outputs":[{"name":"y","parameters":{"binary_data":false,"shared_memory_region":"target","shared_memory_byte_size":64}}]}
            """;
        var request = new InferenceRequest();
        Assert.Null(JsonCodec.Read(Encoding.UTF8.GetBytes(Json), request, ProtocolLimits.Default));
        await AnswerAsync(ServedModels.Echo, request);
        var seen = Cluster.Seen.Single();
        seen.Parameters.Remove("binary_data_output");
        Assert.Equal([("language", "dé"), ("negative", -1L), ("scale", 0.5), ("sequence_id", 7L), ("sequence_start", true)],
            seen.Parameters.OrderBy(each => each.Key, StringComparer.Ordinal).Select(each => (each.Key, each.Value)));
        Assert.Empty(seen.Outputs.Single().Parameters);
        Assert.False(request.WantsBinary("y"u8)); // what the sender wished of its own answer still stands
        Assert.True(request.BinaryDataOutput);
    }

    [Fact]
    public async Task Infer_TimeThatIsLeft_IsTold()
    {
        Assert.Equal(ClusterOutcome.Ok, await InferAsync(ServedModels.Echo, Requests.Echo(), budget: TimeSpan.FromSeconds(20)));
        Assert.InRange(int.Parse(Cluster.Timeouts.Last().TrimEnd('m'), null), 1, 20_000);
    }

    [Fact]
    public async Task Infer_LargeTensor_ComesBackWhole()
    {
        var values = new float[InJson ? 40_000 : 1_500_000];
        var random = new Random(1);
        for (var i = 0; i < values.Length; i++) values[i] = random.NextSingle();
        var response = await AnswerAsync(ServedModels.Echo, Requests.Echo(values));
        Assert.True(response.Outputs[0].Data.SequenceEqual(MemoryMarshal.AsBytes(values.AsSpan())));
        await AssertServesAsync();
    }

    [Fact]
    public async Task Infer_ManyAtOnce_AreAllAnsweredWithTheirOwn()
    {
        await Task.WhenAll(Enumerable.Range(0, 64).Select(async i =>
        {
            var exchange = new ClusterExchange();
            float[] values = [i, i + 1, i + 2, i + 3];
            var outcome = await Client.InferAsync(new ClusterModel(ServedModels.Echo), Requests.Echo(values, $"r{i}"), exchange, Ample, Cancellation);
            Assert.Equal(ClusterOutcome.Ok, outcome);
            Assert.Equal(values, Requests.Floats(exchange.Response.Outputs[0].Data));
        }));
        Assert.Equal(64, Cluster.Seen.Count);
    }

    [Fact]
    public async Task Infer_EncodedImage_IsRefusedWithoutTheServer()
    {
        var request = new InferenceRequest();
        byte[] png = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52, 0, 0, 0, 1, 0, 0, 0, 1, 8, 2, 0, 0, 0, 0, 0, 0, 0];
        Assert.Null(ImageCodec.Read(png, PayloadFormat.Png, request, ProtocolLimits.Default));
        var outcome = await InferAsync(ServedModels.Echo, request);
        Assert.Equal((InferenceStatus.InvalidArgument, ClusterFault.Request), (outcome.Status, outcome.Fault));
        Assert.Empty(Cluster.Seen);
    }
}
