using EdgeRuntime.Messaging.OpenInference;
using EdgeRuntime.TestKit.Memory;
using Xunit;

namespace EdgeRuntime.Messaging.Tests.OpenInference;

/// <summary>A request as it goes on to a server behind this one.</summary>
public sealed class ForwardTests
{
    private const string Request = "{'id':'7','parameters':{'binary_data_output':true,'priority':3},'inputs':[{'name':'x','shape':[1],'datatype':'INT8','data':[5],'parameters':{'shared_memory_region':'r'}}],"
        + "'outputs':[{'name':'y','parameters':{'binary_data':false,'classification':2,'shared_memory_region':'r'}},{'name':'z'}]}";

    private readonly PayloadBuffer buffer = new();

    [Fact]
    public void Json_Forward_AsksForNoSections()
    {
        Assert.Null(JsonCodec.Forward(Payloads.MustReadJson(Request), buffer));
        Assert.Equal(
            """{"id":"7","parameters":{"priority":3},"inputs":[{"name":"x","datatype":"INT8","shape":[1],"data":[5]}],"outputs":[{"parameters":{"classification":2},"name":"y"},{"name":"z"}]}""",
            Payloads.Text(buffer.WrittenSpan));
    }

    [Fact]
    public void Binary_Forward_HasAndAsksForSectionsAlone()
    {
        var length = BinaryCodec.Forward(Payloads.MustReadJson(Request), buffer);
        Assert.Equal(
            """{"id":"7","parameters":{"binary_data_output":true,"priority":3},"inputs":[{"name":"x","datatype":"INT8","parameters":{"binary_data_size":1},"shape":[1]}],"outputs":[{"parameters":{"classification":2},"name":"y"},{"name":"z"}]}""",
            Payloads.Text(buffer.WrittenSpan[..length]));
        Assert.Equal([5], buffer.WrittenSpan[length..].ToArray());
    }

    [Fact]
    public void Json_ForwardOfWhatJsonCannotCarry_IsRefusedBeforeAnythingIsWritten()
    {
        var request = new InferenceRequest();
        request.Inputs.Add("x"u8, TensorDataType.BFloat16, [1], [0, 0], binary: true);
        Assert.Equal(ProtocolErrorCode.NeedsBinary, JsonCodec.Forward(request, buffer)?.Code);
        Assert.Equal(0, buffer.Length);
    }

    [Fact]
    public void Grpc_ForwardAndRead_AllocateNothingOnceWarm()
    {
        var request = new InferenceRequest();
        request.SetId("7"u8);
        request.AddParameter("priority"u8, 3);
        request.Inputs.Add("x"u8, TensorDataType.Float32, [100, 100], new byte[40_000]);
        var response = new InferenceResponse();
        var answer = Grpc.Protobuf.Message(Grpc.Protobuf.Text(1, "m"), Grpc.Protobuf.Output("y", "FP32", [100]), Grpc.Protobuf.Bytes(6, new byte[400]));
        var typed = Grpc.Protobuf.Message(Grpc.Protobuf.Text(1, "m"), Grpc.Protobuf.Output("y", "INT32", [3], Grpc.Protobuf.Packed(2, 1, 2, 3)));
        for (var i = 0; i < 3; i++) Call();
        Assert.Equal(0, Allocation.Least(() =>
        {
            for (var i = 0; i < 50; i++) Call();
        }));

        void Call()
        {
            GrpcFrame.Open(buffer);
            GrpcCodec.Forward(request, "m"u8, "1"u8, buffer);
            GrpcFrame.Close(buffer);
            if (GrpcCodec.Read(answer, response, ProtocolLimits.Default) is not null || GrpcCodec.Read(typed, response, ProtocolLimits.Default) is not null) throw new InvalidOperationException("refused");
        }
    }
}
