using EdgeRuntime.Messaging.OpenInference;
using Xunit;
using static EdgeRuntime.Messaging.OpenInference.ProtocolErrorCode;

namespace EdgeRuntime.Messaging.Tests.OpenInference;

public sealed class JsonRefusalTests
{
    [Theory]
    [InlineData("", MalformedJson, "byte 0")]
    [InlineData("[]", WrongKind, "'the request'")]
    [InlineData("{", MalformedJson, "the end")]
    [InlineData("{'inputs':[{'name':'x','shape':[1],'datatype':'FP32','data':[1]}]", MalformedJson, "the end")]
    [InlineData("{'inputs':[{'name':'x','shape':[1],'datatype':'FP32','data':[1]}],}", MalformedJson, "a member's name")]
    [InlineData("{'inputs':[{'name':'x','shape':[1],'datatype':'FP32','data':[1]}]} {", TrailingData, "1 bytes follow")]
    [InlineData("{}", MissingField, "'inputs'")]
    [InlineData("{'inputs':[]}", MissingField, "'inputs'")]
    [InlineData("{'inputs':{}}", WrongKind, "'inputs'")]
    [InlineData("{'id':7,'inputs':[]}", WrongKind, "'id'")]
    [InlineData("{'id':null,'inputs':[]}", WrongKind, "is null")]
    [InlineData("{'inputs':[{'shape':[1],'datatype':'FP32','data':[1]}]}", MissingField, "'name' of 'inputs'[0]")]
    [InlineData("{'inputs':[{'name':'x','datatype':'FP32','data':[1]}]}", MissingField, "'shape' of 'inputs'[0]")]
    [InlineData("{'inputs':[{'name':'x','shape':[1],'data':[1]}]}", MissingField, "'datatype' of 'inputs'[0]")]
    [InlineData("{'inputs':[{'name':'x','shape':[1],'datatype':'FP32'}]}", MissingField, "'data' of tensor 'x'")]
    [InlineData("{'inputs':[{'name':'','shape':[1],'datatype':'FP32','data':[1]}]}", MissingField, "the text of 'name'")]
    [InlineData("{'inputs':[{'name':'x','name':'y'}]}", DuplicateField, "'name'")]
    [InlineData("{'id':'1','\\u0069d':'2'}", DuplicateField, "'id'")]
    [InlineData("{'parameters':{'a':1,'\\u0061':2}}", DuplicateField, "parameter 'a'")]
    [InlineData("{'inputs':[{'name':'x','shape':[1],'datatype':'FP32','data':[1]},{'name':'\\u0078'}]}", DuplicateName, "'x'")]
    [InlineData("{'outputs':[{'name':'y'},{'name':'y'}]}", DuplicateName, "'y'")]
    [InlineData("{'outputs':[{}]}", MissingField, "outputs[0]")]
    [InlineData("{'outputs':[{'name':'y','parameters':{'binary_data':1}}]}", WrongKind, "'binary_data'")]
    [InlineData("{'outputs':[{'name':'y','parameters':{'classification':-1}}]}", ValueOutOfRange, "'classification' is -1")]
    [InlineData("{'parameters':{'binary_data_output':'yes'}}", WrongKind, "'binary_data_output'")]
    [InlineData("{'parameters':{'a':null}}", WrongKind, "parameter 'a'")]
    [InlineData("{'parameters':{'a':[1]}}", WrongKind, "parameter 'a'")]
    [InlineData("{'parameters':{'a':1e999}}", ValueOutOfRange, "'1e999'")]
    [InlineData("{'inputs':[{'datatype':'FP8'}]}", UnknownDataType, "'FP8'")]
    [InlineData("{'inputs':[{'datatype':'fp32'}]}", UnknownDataType, "'fp32'")]
    [InlineData("{'inputs':[{'shape':[-1]}]}", InvalidShape, "'-1'")]
    [InlineData("{'inputs':[{'shape':[1.0]}]}", InvalidShape, "'1.0'")]
    [InlineData("{'inputs':[{'shape':[9223372036854775808]}]}", InvalidShape, "'9223372036854775808'")]
    [InlineData("{'inputs':[{'shape':[4294967296,4294967296]}]}", InvalidShape, "more than 9223372036854775807")]
    [InlineData("{'inputs':[{'shape':[0,4294967296,4294967296]}]}", InvalidShape, "more than 9223372036854775807")]
    [InlineData("{'inputs':[{'shape':['1']}]}", WrongKind, "'a dimension'")]
    [InlineData("{'a':'\\ud800'}", MalformedJson, "lone surrogate")]
    [InlineData("{'a':'\\udc00'}", MalformedJson, "lone surrogate")]
    [InlineData("{'a':'\\x'}", MalformedJson, "escape")]
    [InlineData("{'a':'\\u12'}", MalformedJson, "hexadecimal")]
    [InlineData("{'a':'\n'}", MalformedJson, "control character")]
    [InlineData("{'a':01}", MalformedJson, "a number")]
    [InlineData("{'a':+1}", MalformedJson, "a value")]
    [InlineData("{'a':nul}", MalformedJson, "null")]
    public void Read_BrokenMessage_NamesWhatIsWrong(string json, ProtocolErrorCode code, string named) => AssertRefused(json, code, named);

    [Theory]
    [InlineData("FP32", "[2]", "[1]", DataMismatch, "has 1 elements of data, its shape asks for 2")]
    [InlineData("FP32", "[2]", "[1,2,3]", DataMismatch, "more elements of data than the 2")]
    [InlineData("FP32", "[0]", "[1]", DataMismatch, "more elements")]
    [InlineData("FP32", "[2,2]", "[[1,2],[3]]", DataMismatch, "dimension 1 asks for 2")]
    [InlineData("FP32", "[2,2]", "[[1,2,3],[4]]", DataMismatch, "has 3 elements in the array")]
    [InlineData("FP32", "[2,1]", "[[1],2]", DataMismatch, "a value 1 deep")]
    [InlineData("FP32", "[2,1]", "[1,[2]]", DataMismatch, "nested 2 deep")]
    [InlineData("FP32", "[2]", "[[1],[2]]", DataMismatch, "nested 2 deep")]
    [InlineData("FP32", "[1,1,2]", "[[1,2]]", DataMismatch, "a value 2 deep")]
    [InlineData("FP32", "[]", "1", WrongKind, "'data'")]
    [InlineData("FP32", "[1]", "[1,]", MalformedJson, "a value of FP32")]
    [InlineData("FP32", "[1]", "[,1]", MalformedJson, "a value of FP32")]
    [InlineData("FP32", "[2]", "[1 2]", MalformedJson, "','")]
    [InlineData("FP32", "[1]", "[NaN]", MalformedJson, "a value of FP32")]
    [InlineData("FP32", "[1]", "[Infinity]", MalformedJson, "a value of FP32")]
    [InlineData("FP32", "[1]", "[-]", MalformedJson, "a value of FP32")]
    [InlineData("FP32", "[1]", "[1.]", MalformedJson, "a value of FP32")]
    [InlineData("FP32", "[1]", "[null]", WrongKind, "'null' at element 0")]
    [InlineData("FP32", "[2]", "[1,'2']", WrongKind, "at element 1")]
    [InlineData("FP32", "[1]", "[3.5e38]", ValueOutOfRange, "'3.5e38' at element 0, outside the range of FP32")]
    [InlineData("FP64", "[1]", "[-1e309]", ValueOutOfRange, "'-1e309'")]
    [InlineData("FP16", "[1]", "[65520]", ValueOutOfRange, "'65520'")]
    [InlineData("BF16", "[1]", "[1]", NeedsBinary, "is BF16")]
    [InlineData("UINT8", "[1]", "[256]", ValueOutOfRange, "'256'")]
    [InlineData("UINT8", "[1]", "[-1]", ValueOutOfRange, "'-1'")]
    [InlineData("INT8", "[1]", "[-129]", ValueOutOfRange, "'-129'")]
    [InlineData("INT8", "[1]", "[128]", ValueOutOfRange, "'128'")]
    [InlineData("INT32", "[1]", "[2147483648]", ValueOutOfRange, "'2147483648'")]
    [InlineData("INT64", "[1]", "[9223372036854775808]", ValueOutOfRange, "INT64")]
    [InlineData("INT64", "[1]", "[-9223372036854775809]", ValueOutOfRange, "INT64")]
    [InlineData("UINT64", "[1]", "[18446744073709551616]", ValueOutOfRange, "UINT64")]
    [InlineData("INT32", "[1]", "[1.0]", WrongKind, "'1.0' at element 0, which is no INT32")]
    [InlineData("INT32", "[1]", "[1e3]", WrongKind, "no INT32")]
    [InlineData("INT32", "[1]", "[true]", WrongKind, "no INT32")]
    [InlineData("BOOL", "[1]", "[1]", WrongKind, "no BOOL")]
    [InlineData("BOOL", "[1]", "[tru]", MalformedJson, "true")]
    [InlineData("BYTES", "[1]", "[1]", WrongKind, "no BYTES")]
    [InlineData("BYTES", "[1]", "['a','b']", DataMismatch, "more elements")]
    public void Read_BrokenData_NamesTensorAndElement(string type, string shape, string data, ProtocolErrorCode code, string named)
    {
        AssertRefused($"{{'inputs':[{{'name':'x','shape':{shape},'datatype':'{type}','data':{data}}}]}}", code, named);
        // The same where the data stands before its type, and is read later.
        AssertRefused($"{{'inputs':[{{'data':{data},'name':'x','shape':{shape},'datatype':'{type}'}}]}}", code, code == MalformedJson ? "" : named);
    }

    [Fact]
    public void Read_NotUtf8_IsRefused()
    {
        var payload = Payloads.Json("{'a':'?'}");
        payload[6] = 0xC3;
        Assert.Equal(MalformedJson, JsonCodec.Read(payload, new InferenceRequest(), ProtocolLimits.Default)?.Code);
    }

    [Fact]
    public void Read_BinarySizeInJsonPayload_IsRefused() => AssertRefused(
        "{'inputs':[{'name':'x','shape':[1],'datatype':'FP32','parameters':{'binary_data_size':4}}]}", BinarySizeMismatch, "application/json");

    [Fact]
    public void Read_HostileName_ComesBackBoundedAndPrintable()
    {
        var error = Payloads.ReadJson($"{{'inputs':[{{'datatype':'\\u001b[2J{new string('A', 200)}'}}]}}");
        Assert.Equal(UnknownDataType, error?.Code);
        Assert.DoesNotContain('\u001b', error!.Message);
        Assert.InRange(error.Message.Length, 1, 150);
    }

    [Fact]
    public void Read_ReusedAfterErrors_HoldsNothingOfBefore()
    {
        var request = new InferenceRequest();
        Assert.NotNull(Payloads.ReadJson("{'id':'old','outputs':[{'name':'a'}],'inputs':[{'name':'x','shape':[2],'datatype':'INT8','data':[1,2]},{}]}", request));
        Assert.Null(Payloads.ReadJson("{'inputs':[{'name':'x','shape':[1],'datatype':'INT8','data':[3]}]}", request));
        Assert.Equal((0, 1, 0), (request.Id.Length, request.Inputs.Count, request.Outputs.Count));
        Assert.Equal([3], request.Inputs[0].Data.ToArray());
    }

    private static void AssertRefused(string json, ProtocolErrorCode code, string named)
    {
        var error = Payloads.ReadJson(json);
        Assert.NotNull(error);
        Assert.Equal((code, InferenceStatus.InvalidArgument), (error.Code, error.Status));
        Assert.Contains(named, error.Message);
    }
}
