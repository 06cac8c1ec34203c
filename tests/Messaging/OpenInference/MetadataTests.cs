using EdgeRuntime.Messaging.OpenInference;
using Xunit;
using static EdgeRuntime.Messaging.Tests.OpenInference.Grpc.Protobuf;

namespace EdgeRuntime.Messaging.Tests.OpenInference;

public sealed class MetadataTests
{
    [Fact]
    public void Json_Server_IsRead()
    {
        Assert.Null(MetadataCodec.ReadServer("""{"name":"tri\u0074on","version":"2.4","extensions":["classification","binary_tensor_data"],"more":{"a":[1]}}"""u8, ProtocolLimits.Default, out var server));
        Assert.Equal(("triton", "2.4"), (server!.Name, server.Version));
        Assert.Equal(["classification", ServerMetadata.BinaryTensorData], server.Extensions);
    }

    [Fact]
    public void Json_Model_IsRead_WhateverIsLeftOutOrNull()
    {
        Assert.Null(MetadataCodec.ReadModel("""{"name":"m","versions":null,"inputs":[{"name":"x","datatype":"BYTES","shape":[-1,3]},{"shape":[],"name":"s","datatype":"FP32"}]}"""u8, ProtocolLimits.Default, out var model));
        Assert.Equal(("m", ""), (model!.Name, model.Platform));
        Assert.Empty(model.Versions);
        Assert.Empty(model.Outputs);
        Assert.Equal(("x", TensorDataType.Bytes), (model.Inputs[0].Name, model.Inputs[0].DataType));
        Assert.Equal([-1, 3], model.Inputs[0].Shape);
        Assert.Empty(model.Inputs[1].Shape);
    }

    [Theory]
    [InlineData("[]", ProtocolErrorCode.WrongKind, "must be an object")]
    [InlineData("{}", ProtocolErrorCode.MissingField, "'name' is missing")]
    [InlineData("""{"name":null}""", ProtocolErrorCode.MissingField, "'name' is missing")]
    [InlineData("""{"name":"m"}x""", ProtocolErrorCode.TrailingData, "1 bytes follow")]
    [InlineData("""{"name":"m","inputs":[{"name":"x","shape":[1]}]}""", ProtocolErrorCode.MissingField, "'inputs[].datatype' is missing")]
    [InlineData("""{"name":"m","inputs":[{"name":"x","datatype":"FP8","shape":[1]}]}""", ProtocolErrorCode.UnknownDataType, "'FP8'")]
    [InlineData("""{"name":"m","inputs":[{"name":"x","datatype":"FP32","shape":[-2]}]}""", ProtocolErrorCode.InvalidShape, "dimension '-2'")]
    [InlineData("""{"name":"m","inputs":[{"name":"x","datatype":"FP32","shape":[1.5]}]}""", ProtocolErrorCode.InvalidShape, "dimension '1.5'")]
    [InlineData("""{"name":"m","inputs":[{"name":"x","datatype":"FP32","shape":["1"]}]}""", ProtocolErrorCode.WrongKind, "a dimension")]
    [InlineData("""{"name":"m","inputs":[{"name":"x","datatype":"FP32","shape":[1,1,1,1,1,1,1,1,1]}]}""", ProtocolErrorCode.LimitExceeded, "more than 8 entries")]
    [InlineData("""{"name":"m","versions":[1]}""", ProtocolErrorCode.WrongKind, "'versions'")]
    [InlineData("""{"name":"m""", ProtocolErrorCode.MalformedJson, "closing quote")]
    public void Json_ModelThatIsWrong_IsRefused(string json, ProtocolErrorCode code, string named)
    {
        var error = MetadataCodec.ReadModel(Payloads.Utf8(json), ProtocolLimits.Default, out var model);
        Assert.Equal((code, null), (error?.Code, model));
        Assert.Contains(named, error!.Message);
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("true", true)]
    [InlineData("false", false)]
    [InlineData("""{"name":"m","ready":false}""", false)]
    [InlineData("""{"live":true}""", true)]
    public void Json_Ready_IsUnderstood(string json, bool expected)
    {
        Assert.Null(MetadataCodec.ReadReady(Payloads.Utf8(json), ProtocolLimits.Default, out var ready));
        Assert.Equal(expected, ready);
    }

    [Fact]
    public void Message_ServerModelAndReady_AreRead()
    {
        Assert.Null(MetadataCodec.ReadServerMessage(Message(Text(1, "triton"), Text(2, "2.4"), Text(3, "a"), Text(3, "b")), ProtocolLimits.Default, out var server));
        Assert.Equal(("triton", "2.4", "b"), (server!.Name, server.Version, server.Extensions[1]));
        var tensor = Message(Text(1, "x"), Text(2, "INT64"), Varint(3, -1), Packed(3, 3, 224));
        Assert.Null(MetadataCodec.ReadModelMessage(Message(Text(1, "m"), Text(2, "1"), Text(3, "p"), Bytes(4, tensor), Bytes(5, tensor), Field(6, Text(1, "k"))), ProtocolLimits.Default, out var model));
        Assert.Equal(("m", "1", "p"), (model!.Name, model.Versions.Single(), model.Platform));
        Assert.Equal([-1, 3, 224], model.Outputs.Single().Shape);
        Assert.Null(MetadataCodec.ReadReadyMessage(Varint(1, 1), ProtocolLimits.Default, out var ready));
        Assert.True(ready);
        Assert.Null(MetadataCodec.ReadReadyMessage([], ProtocolLimits.Default, out ready));
        Assert.False(ready);
    }

    public static TheoryData<byte[], ProtocolErrorCode> Refused => new()
    {
        { [], ProtocolErrorCode.MissingField },
        { [0x0a, 5], ProtocolErrorCode.MalformedMessage },
        { Bytes(1, [0xff]), ProtocolErrorCode.MalformedMessage },
        { Text(1, new string('m', 257)), ProtocolErrorCode.LimitExceeded },
        { Message(Text(1, "m"), Field(4, Text(1, "x"), Text(2, "FP8"))), ProtocolErrorCode.UnknownDataType },
        { Message(Text(1, "m"), Field(4, Text(1, "x"), Text(2, "FP32"), Packed(3, -2))), ProtocolErrorCode.InvalidShape },
        { Message([Text(1, "m"), .. Enumerable.Repeat(Text(2, "1"), 1025)]), ProtocolErrorCode.LimitExceeded },
        { new byte[(1 << 20) + 1], ProtocolErrorCode.LimitExceeded },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void Message_ModelThatIsWrong_IsRefused(byte[] message, ProtocolErrorCode code)
    {
        Assert.Equal(code, MetadataCodec.ReadModelMessage(message, ProtocolLimits.Default, out var model)?.Code);
        Assert.Null(model);
    }
}
