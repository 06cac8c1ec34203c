using EdgeRuntime.Messaging.OpenInference;
using EdgeRuntime.TestKit.Memory;
using Xunit;

namespace EdgeRuntime.Messaging.Tests.OpenInference;

public sealed class AllocationTests
{
    [Fact]
    public void Json_RequestAndResponse_AllocateNothingOnceWarm()
    {
        var payload = Payloads.Json("{'id':'\\u0034\\u0032','parameters':{'a':1,'b':'c\\n'},'inputs':["
            + $"{{'name':'x','shape':[64,16],'datatype':'FP32','data':[{string.Join(',', Enumerable.Range(0, 1024).Select(i => i * 0.37))}]}},"
            + "{'name':'t','shape':[2],'datatype':'BYTES','data':['one','tw\\u006f']}],'outputs':[{'name':'y'}]}");
        AssertNoAllocation(payload, null);
    }

    [Fact]
    public void Binary_RequestAndResponse_AllocateNothingOnceWarm()
    {
        var (payload, length) = Payloads.Sections(
            "{'id':'7','inputs':[{'name':'x','shape':[40000],'datatype':'FP32','parameters':{'binary_data_size':160000}}]}", new byte[160_000]);
        AssertNoAllocation(payload, length);
    }

    private static void AssertNoAllocation(byte[] payload, int? headerLength)
    {
        var pool = new InferenceRequestPool(2);
        var response = new InferenceResponse();
        var buffer = new PayloadBuffer();
        for (var i = 0; i < 3; i++) Serve(payload, headerLength, pool, response, buffer);
        Assert.Equal(0, Allocation.Least(() =>
        {
            for (var i = 0; i < 50; i++) Serve(payload, headerLength, pool, response, buffer);
        }));
    }

    private static void Serve(byte[] payload, int? headerLength, InferenceRequestPool pool, InferenceResponse response, PayloadBuffer buffer)
    {
        var request = pool.Rent();
        var properties = new RequestProperties();
        var failed = properties.TryAdd("deadline-ms"u8, "250"u8) is not null | properties.TryAdd("min-quality"u8, "0.9"u8) is not null;
        failed |= (headerLength is null ? JsonCodec.Read(payload, request, ProtocolLimits.Default)
            : BinaryCodec.Read(payload, headerLength, request, ProtocolLimits.Default)) is not null;
        response.Start("model"u8, "1"u8, request.Id);
        for (var i = 0; i < request.Inputs.Count; i++)
        {
            var input = request.Inputs[i];
            response.Outputs.Add(input.Name, input.DataType, input.Shape, input.Data, binary: headerLength is not null);
        }
        buffer.Clear();
        failed |= (headerLength is null ? JsonCodec.Write(response, buffer) : BinaryCodec.Write(response, buffer, out _)) is not null;
        pool.Return(request);
        if (failed) throw new InvalidOperationException("the message was refused");
    }
}
