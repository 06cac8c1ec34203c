using EdgeRuntime.Messaging.OpenInference;
using EdgeRuntime.TestKit.Memory;
using Xunit;
using static EdgeRuntime.Messaging.OpenInference.ProtocolErrorCode;

namespace EdgeRuntime.Messaging.Tests.OpenInference;

public sealed class LimitTests
{
    private const string Two = "{'id':'abc','parameters':{'p':'text','q':1},'outputs':[{'name':'a'},{'name':'b'}],'more':[[[]]],"
        + "'inputs':[{'name':'x','shape':[2,2],'datatype':'INT64','data':[1,2,3,4]},{'name':'y','shape':[1],'datatype':'BYTES','data':['12345678']}]}";

    // INT64 [2,2] takes 32 bytes, the string 4 + 8.
    private static readonly ProtocolLimits Just = new()
    {
        MaxPayloadBytes = Two.Length,
        MaxTensors = 2,
        MaxRequestedOutputs = 2,
        MaxParameters = 2,
        MaxDimensions = 2,
        MaxDepth = 3,
        MaxElements = 4,
        MaxDataBytes = 44,
        MaxNameBytes = 10,
        MaxParameterTextBytes = 4,
    };

    public static TheoryData<string, ProtocolLimits> Below => new()
    {
        { $"{Two.Length} bytes, over the limit of {Two.Length - 1}", Just with { MaxPayloadBytes = Two.Length - 1 } },
        { "more than 1 tensors", Just with { MaxTensors = 1 } },
        { "more than 1 outputs", Just with { MaxRequestedOutputs = 1 } },
        { "more than 1 parameters", Just with { MaxParameters = 1 } },
        { "more than 1 dimensions", Just with { MaxDimensions = 1 } },
        { "deeper than 2", Just with { MaxDepth = 2 } },
        { "4 elements, over the limit of 3", Just with { MaxElements = 3 } },
        { "limit of 43 bytes", Just with { MaxDataBytes = 43 } },
        { "over the limit of 2", Just with { MaxNameBytes = 2 } },
        { "'p' has 4 bytes", Just with { MaxParameterTextBytes = 3 } },
    };

    [Fact]
    public void Read_AtEveryLimit_Succeeds() => Assert.Null(Payloads.ReadJson(Two, limits: Just));

    [Theory]
    [MemberData(nameof(Below))]
    public void Read_OneOverTheLimit_NamesValueAndLimit(string named, ProtocolLimits limits)
    {
        var error = Payloads.ReadJson(Two, limits: limits);
        Assert.Equal(LimitExceeded, error?.Code);
        Assert.Contains(named, error!.Message);
    }

    [Fact]
    public void Read_LargeShapeInSmallPayload_TakesNoMemory()
    {
        var request = new InferenceRequest();
        var payload = Payloads.Json("{'inputs':[{'name':'x','shape':[8000000],'datatype':'FP64','data':[1]}]}");
        const int Most = 10_000;
        JsonCodec.Read(payload, request, ProtocolLimits.Default);
        Assert.InRange(Allocation.Least(() => Assert.Equal(DataMismatch, JsonCodec.Read(payload, request, ProtocolLimits.Default)?.Code), enough: Most), 0, Most);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(ProtocolLimits.HardMaxDimensions + 1)]
    public void Limits_DimensionsThatCannotBeCounted_AreRefused(int dimensions) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new ProtocolLimits { MaxDimensions = dimensions });

    [Fact]
    public void Read_DeepNestingAtTheHardLimit_NeitherOverflowsNorPasses()
    {
        var deep = new string('[', 100_000);
        Assert.Equal(LimitExceeded, Payloads.ReadJson("{'a':" + deep, limits: new ProtocolLimits { MaxDepth = ProtocolLimits.HardMaxDepth })?.Code);
        var fits = new string('[', 64) + new string(']', 64);
        Assert.Equal(MissingField, Payloads.ReadJson("{'a':" + fits + "}", limits: new ProtocolLimits { MaxDepth = ProtocolLimits.HardMaxDepth })?.Code);
    }
}
