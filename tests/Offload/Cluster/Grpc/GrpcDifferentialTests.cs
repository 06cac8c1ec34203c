using System.Text;
using EdgeRuntime.Messaging.OpenInference;
using EdgeRuntime.Offload.Tests.Support;
using EdgeRuntime.Offload.Tests.Support.Wire;
using Google.Protobuf;
using Xunit;

namespace EdgeRuntime.Offload.Tests.Cluster.Grpc;

/// <summary>The own reader and writer of gRPC's messages against Google's, on random messages.</summary>
public sealed class GrpcDifferentialTests
{
    private readonly InferenceResponse response = new();
    private readonly PayloadBuffer buffer = new();

    private static int Cases => Environment.GetEnvironmentVariable("EDGE_FULL") == "1" ? 100_000 : 2_000;

    [Fact]
    public void Response_RandomMessages_AreReadAsGoogleWroteThem()
    {
        for (var i = 0; i < Cases; i++)
        {
            var random = new Random(41_000_000 + i);
            var tensors = Enumerable.Range(0, random.Next(4)).Select(index => Tensor(random, $"y{index}")).ToList();
            var typed = random.Next(2) == 0 && tensors.All(tensor => tensor.Type is not ("FP16" or "BF16"));
            var message = new ModelInferResponse { ModelName = Text(random), ModelVersion = Text(random), Id = Text(random) };
            message.Parameters["p"] = new InferParameter { Int64Param = random.NextInt64(long.MinValue, long.MaxValue) };
            foreach (var tensor in tensors)
            {
                message.Outputs.Add(new ModelInferResponse.Types.InferOutputTensor { Name = tensor.Name, Datatype = tensor.Type, Shape = { tensor.Shape }, Contents = typed ? GrpcContents.Of(tensor) : null });
                if (!typed) message.RawOutputContents.Add(ByteString.CopyFrom(tensor.Data));
            }
            Assert.True(GrpcCodec.Read(message.ToByteArray(), response, ProtocolLimits.Default) is null, $"case {i}");
            Assert.Equal((message.ModelName, message.ModelVersion, message.Id), (ServedModels.Text(response.ModelName), ServedModels.Text(response.ModelVersion), ServedModels.Text(response.Id)));
            Assert.Equal(message.Parameters["p"].Int64Param, response.Parameters[0].Integer);
            AssertSame(tensors, response.Outputs, i);
        }
    }

    [Fact]
    public void Request_RandomRequests_AreReadByGoogleAsTheyWere()
    {
        for (var i = 0; i < Cases; i++)
        {
            var random = new Random(42_000_000 + i);
            var tensors = Enumerable.Range(0, random.Next(1, 4)).Select(index => Tensor(random, $"x{index}")).ToList();
            var request = new InferenceRequest();
            var id = Text(random);
            request.SetId(Encoding.UTF8.GetBytes(id));
            request.AddParameter("flag"u8, random.Next(2) == 0);
            request.AddParameter("whole"u8, random.NextInt64(long.MinValue, long.MaxValue));
            foreach (var tensor in tensors)
            {
                Assert.True(TensorDataTypes.TryParse(Encoding.ASCII.GetBytes(tensor.Type), out var type));
                request.Inputs.Add(Encoding.UTF8.GetBytes(tensor.Name), type, tensor.Shape, tensor.Data);
            }
            request.Outputs.Add("y"u8, classification: random.Next(3) * 100);
            buffer.Clear();
            GrpcCodec.Forward(request, "m"u8, "3"u8, buffer);
            var message = ModelInferRequest.Parser.ParseFrom(buffer.WrittenSpan);
            Assert.Equal(("m", "3", id), (message.ModelName, message.ModelVersion, message.Id));
            Assert.Equal((request.Parameters[0].Boolean, request.Parameters[1].Integer), (message.Parameters["flag"].BoolParam, message.Parameters["whole"].Int64Param));
            Assert.Equal(request.Outputs[0].Classification, message.Outputs[0].Parameters.TryGetValue("classification", out var classes) ? classes.Int64Param : 0);
            Assert.Equal(message.ToByteArray().Length, buffer.Length); // nothing in it that Google does not know
            for (var at = 0; at < tensors.Count; at++)
            {
                Assert.Equal((tensors[at].Name, tensors[at].Type), (message.Inputs[at].Name, message.Inputs[at].Datatype));
                Assert.Equal(tensors[at].Shape, message.Inputs[at].Shape);
                Assert.True(message.RawInputContents[at].Span.SequenceEqual(tensors[at].Data));
            }
        }
    }

    private static void AssertSame(List<TestTensor> expected, TensorSet read, int i)
    {
        Assert.Equal(expected.Count, read.Count);
        for (var at = 0; at < read.Count; at++)
        {
            Assert.Equal(expected[at].Shape, read[at].Shape.ToArray());
            Assert.True(read[at].Data.SequenceEqual(expected[at].Data), $"case {i}, tensor {at} of {expected[at].Type}");
        }
    }

    private static TestTensor Tensor(Random random, string name)
    {
        var type = TestTensor.Types[random.Next(TestTensor.Types.Length)];
        long[] shape = [.. Enumerable.Range(0, random.Next(4)).Select(_ => (long)random.Next(5))];
        var elements = (int)shape.Aggregate(1L, (product, dimension) => product * dimension);
        var data = new byte[elements * TestTensor.SizeOf(type)];
        random.NextBytes(data);
        if (type == "BOOL") data = [.. data.Select(each => (byte)(each & 1))];
        if (type == "BYTES") data = Requests.Strings([.. Enumerable.Range(0, elements).Select(_ => Text(random))]);
        return new TestTensor(name, type, shape, data);
    }

    private static string Text(Random random) => string.Concat(Enumerable.Range(0, random.Next(1, 40)).Select(_ => random.Next(8) == 0 ? "é" : ((char)random.Next('a', 'z')).ToString()));
}
