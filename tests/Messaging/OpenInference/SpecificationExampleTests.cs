using EdgeRuntime.Messaging.OpenInference;
using Xunit;

namespace EdgeRuntime.Messaging.Tests.OpenInference;

// Messages in the shape of the examples of the Open Inference Protocol and of Triton's binary tensor data extension.
public sealed class SpecificationExampleTests
{
    [Fact]
    public void Request_TwoInputsFlatAndNested_Reads()
    {
        var request = Payloads.MustReadJson("""
            {
              'id' : '42',
              'inputs' : [
                { 'name' : 'input0', 'shape' : [ 2, 2 ], 'datatype' : 'UINT32', 'data' : [ 1, 2, 3, 4 ] },
                { 'name' : 'input1', 'shape' : [ 3 ], 'datatype' : 'BOOL', 'data' : [ true, false, true ] },
                { 'name' : 'input2', 'shape' : [ 2, 4 ], 'datatype' : 'FP32', 'data' : [ [6.8, 2.8, 4.8, 1.4], [6.0, 3.4, 4.5, 1.6] ] }
              ],
              'outputs' : [ { 'name' : 'output0' } ]
            }
            """);
        Assert.Equal("42", Payloads.Text(request.Id));
        Assert.Equal(RoundTripTests.Bytes(1u, 2u, 3u, 4u), request.Inputs[0].Data.ToArray());
        Assert.Equal([1, 0, 1], request.Inputs[1].Data.ToArray());
        Assert.Equal(RoundTripTests.Bytes(6.8f, 2.8f, 4.8f, 1.4f, 6f, 3.4f, 4.5f, 1.6f), request.Inputs[2].Data.ToArray());
        Assert.Equal([2, 4], request.Inputs[2].Shape.ToArray());
        Assert.Equal("output0", Payloads.Text(request.Outputs[0].Name));
    }

    [Fact]
    public void BinaryRequest_SixteenAndThreeBytes_Reads()
    {
        var section = RoundTripTests.Bytes(1u, 2u, 3u, 4u);
        var (payload, header) = Payloads.Sections("""
            {
              'model_name' : 'mymodel',
              'inputs' : [
                { 'name' : 'input0', 'shape' : [ 2, 2 ], 'datatype' : 'UINT32', 'parameters' : { 'binary_data_size' : 16 } },
                { 'name' : 'input1', 'shape' : [ 3 ], 'datatype' : 'BOOL', 'parameters' : { 'binary_data_size' : 3 } }
              ],
              'outputs' : [ { 'name' : 'output0', 'parameters' : { 'binary_data' : true } } ]
            }
            """, section, [1, 0, 1]);
        var request = new InferenceRequest();
        Assert.Null(BinaryCodec.Read(payload, header, request, ProtocolLimits.Default));
        Assert.Equal(section, request.Inputs[0].Data.ToArray());
        Assert.Equal([1, 0, 1], request.Inputs[1].Data.ToArray());
        Assert.True(request.Outputs[0].BinaryData);
        Assert.True(request.WantsBinary("output0"u8));
        Assert.False(request.WantsBinary("output1"u8));
    }

    [Fact]
    public void Response_OfAnotherServer_Reads()
    {
        var response = new InferenceResponse();
        Assert.Null(JsonCodec.Read(Payloads.Json("""
            { 'id' : '42', 'model_name' : 'm', 'outputs' : [ { 'name' : 'output0', 'shape' : [ 3, 2 ], 'datatype' : 'FP32',
              'data' : [ 1.0, 1.1, 2.0, 2.1, 3.0, 3.1 ] } ] }
            """), response, ProtocolLimits.Default));
        Assert.Equal(RoundTripTests.Bytes(1f, 1.1f, 2f, 2.1f, 3f, 3.1f), response.Outputs[0].Data.ToArray());
        Assert.Equal("", Payloads.Text(response.ModelVersion));
    }

    [Fact]
    public void Response_Written_IsTheExactText()
    {
        var response = new InferenceResponse();
        response.Start("m"u8, "1"u8, "42"u8);
        response.Outputs.Add("y"u8, TensorDataType.Float32, [1, 3], RoundTripTests.Bytes(0.1f, -2f, 1e-10f));
        var buffer = new PayloadBuffer();
        Assert.Null(JsonCodec.Write(response, buffer));
        Assert.Equal("""{"model_name":"m","model_version":"1","id":"42","outputs":[{"name":"y","datatype":"FP32","shape":[1,3],"data":[0.1,-2,1e-10]}]}""",
            Payloads.Text(buffer.WrittenSpan));
    }

    [Fact]
    public void Error_Written_ReadsBack()
    {
        var buffer = new PayloadBuffer();
        JsonCodec.WriteError("model 'x' is \"gone\"\n", buffer);
        Assert.Equal("{\"error\":\"model 'x' is \\\"gone\\\"\\n\"}", Payloads.Text(buffer.WrittenSpan));
        var response = new InferenceResponse();
        Assert.Null(JsonCodec.Read(buffer.WrittenMemory, response, ProtocolLimits.Default));
        Assert.True(response.IsError);
        Assert.Equal("model 'x' is \"gone\"\n", Payloads.Text(response.Error));
    }

    [Fact]
    public void Members_InAnyOrderEscapedAndUnknown_Read()
    {
        var request = Payloads.MustReadJson("""
            { 'later': {'a': [1, {'b': null}], 'c': 'd'}, '\u0069nputs': [
                { 'data': [[1, 2], [3, 4]], 'hint': [[]], 'datatype': 'INT8', 'n\u0061me': 'caf\u00e9 \ud83d\ude00', 'shape': [2, 2] } ] }
            """);
        Assert.Equal("café 😀", Payloads.Text(request.Inputs[0].Name));
        Assert.Equal([1, 2, 3, 4], request.Inputs[0].Data.ToArray());
    }

    [Fact]
    public void Parameters_OfEachKind_KeepTheirKind()
    {
        var request = Payloads.MustReadJson("""
            { 'parameters': {'b': true, 'i': -9223372036854775808, 'n': 2.5, 'big': 18446744073709551615, 's': 'a\tb'},
              'inputs': [ {'name': 'x', 'shape': [1], 'datatype': 'FP32', 'data': [1], 'parameters': {'k': 7}} ] }
            """.Replace("\\t", "\\u0009"));
        var parameters = request.Parameters;
        Assert.Equal(5, parameters.Count);
        Assert.True(parameters[0].Boolean);
        Assert.Equal(long.MinValue, parameters[1].Integer);
        Assert.Equal((ParameterKind.Number, 2.5), (parameters[2].Kind, parameters[2].Number));
        Assert.Equal((ParameterKind.Number, 18446744073709551615d), (parameters[3].Kind, parameters[3].Number));
        Assert.Equal("a\tb", Payloads.Text(parameters[4].Text));
        Assert.True(request.Inputs[0].Parameters.TryGet("k"u8, out var k) && k.Integer == 7);
    }
}
