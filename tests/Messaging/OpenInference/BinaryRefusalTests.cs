using EdgeRuntime.Messaging.OpenInference;
using Xunit;
using static EdgeRuntime.Messaging.OpenInference.ProtocolErrorCode;

namespace EdgeRuntime.Messaging.Tests.OpenInference;

public sealed class BinaryRefusalTests
{
    [Theory]
    [InlineData("FP32", "[2]", 8, 7, BinarySizeMismatch, "binary_data_size of 8, 7 bytes of the payload are left")]
    [InlineData("FP32", "[2]", 8, 9, TrailingData, "1 bytes follow")]
    [InlineData("FP32", "[3]", 8, 8, BinarySizeMismatch, "8 bytes of data, its shape asks for 3 elements of 4 bytes")]
    [InlineData("FP32", "[0]", 4, 4, BinarySizeMismatch, "asks for 0 elements")]
    [InlineData("FP32", "[4611686018427387904]", 8, 8, LimitExceeded, "over the limit")]
    [InlineData("FP32", "[2]", -8, 8, ValueOutOfRange, "'binary_data_size' is -8")]
    [InlineData("BOOL", "[2]", 2, 2, ValueOutOfRange, "the BOOL 7 at element 0")]
    [InlineData("BYTES", "[1]", 8, 8, BinarySizeMismatch, "broken off in element 0")]
    public void Read_SectionOfAnotherSize_NamesTensorAndSizes(string type, string shape, int stated, int sent, ProtocolErrorCode code, string named)
    {
        var section = new byte[sent];
        Array.Fill(section, (byte)7);
        var error = Payloads.ReadBinary($"{{'inputs':[{{'name':'x','shape':{shape},'datatype':'{type}','parameters':{{'binary_data_size':{stated}}}}}]}}", section);
        Assert.Equal(code, error?.Code);
        Assert.Contains(named, error!.Message);
    }

    [Fact]
    public void Read_BytesOfAnotherCount_IsRefused()
    {
        var section = Payloads.Strings("a", "b");
        var error = Payloads.ReadBinary($"{{'inputs':[{{'name':'x','shape':[3],'datatype':'BYTES','parameters':{{'binary_data_size':{section.Length}}}}}]}}", section);
        Assert.Equal(DataMismatch, error?.Code);
        Assert.Contains("has 2 elements, its shape asks for 3", error!.Message);
    }

    [Fact]
    public void Read_SizeAsText_IsRefused() => Assert.Equal(WrongKind, Payloads.ReadBinary(
        "{'inputs':[{'name':'x','shape':[1],'datatype':'INT8','parameters':{'binary_data_size':'1'}}]}", [1])?.Code);

    [Fact]
    public void Read_DataAndSection_IsRefused() => Assert.Equal(BinarySizeMismatch, Payloads.ReadBinary(
        "{'inputs':[{'name':'x','shape':[1],'datatype':'INT8','data':[1],'parameters':{'binary_data_size':1}}]}", [1])?.Code);

    [Theory]
    [InlineData(null, InvalidHeaderLength, "needs the user property inference-header-content-length")]
    [InlineData(0, InvalidHeaderLength, "is 0")]
    [InlineData(-1, InvalidHeaderLength, "is -1")]
    [InlineData(1000, InvalidHeaderLength, "is 1000, the payload has")]
    [InlineData(5, MalformedJson, "the end")]
    public void Read_HeaderLengthWrong_IsRefused(int? headerLength, ProtocolErrorCode code, string named)
    {
        var (payload, _) = Payloads.Sections("{'inputs':[{'name':'x','shape':[1],'datatype':'INT8','data':[1]}]}");
        var error = BinaryCodec.Read(payload, headerLength, new InferenceRequest(), ProtocolLimits.Default);
        Assert.Equal(code, error?.Code);
        Assert.Contains(named, error!.Message);
    }

    [Fact]
    public void Read_HeaderOverItsLimit_IsRefused()
    {
        var (payload, length) = Payloads.Sections("{'inputs':[{'name':'x','shape':[1],'datatype':'INT8','data':[1]}]}");
        Assert.Null(BinaryCodec.Read(payload, length, new InferenceRequest(), new ProtocolLimits { MaxHeaderBytes = length }));
        Assert.Equal(LimitExceeded, BinaryCodec.Read(payload, length, new InferenceRequest(), new ProtocolLimits { MaxHeaderBytes = length - 1 })?.Code);
    }
}
