using EdgeRuntime.Messaging.OpenInference;
using Xunit;
using static EdgeRuntime.Messaging.Tests.OpenInference.Grpc.Protobuf;

namespace EdgeRuntime.Messaging.Tests.OpenInference.Grpc;

public sealed class GrpcResponseTests
{
    private readonly InferenceResponse response = new();

    [Fact]
    public void Read_RawContentsBeforeTheirTensors_BelongInOrder()
    {
        byte[] first = [0, 0, 128, 63, 0, 0, 0, 64], second = [1, 0];
        Assert.Null(Read(Bytes(6, first), Bytes(6, second), Output("y", "FP32", [2]), Output("z", "BOOL", [2, 1]), Text(1, "m"), Text(2, "3"), Text(3, "7"), Varint(99, 5)));
        Assert.Equal(("m", "3", "7"), (Payloads.Text(response.ModelName), Payloads.Text(response.ModelVersion), Payloads.Text(response.Id)));
        Assert.Equal(first, response.Outputs[0].Data.ToArray());
        Assert.Equal(second, response.Outputs[response.Outputs.IndexOf("z"u8)].Data.ToArray());
        Assert.Equal([2, 1], response.Outputs[1].Shape.ToArray());
        Assert.True(response.Outputs[1].IsBinary);
    }

    [Fact]
    public void Read_TypedContentsPackedOrNot_AreDecoded()
    {
        Assert.Null(Read(Text(1, "m"),
            Output("bytes", "UINT8", [4], Packed(4, 1, 2), Varint(4, 3), Packed(4, 255)),
            Output("signed", "INT16", [3], Packed(2, -1, 32767, -32768)),
            Output("real", "FP32", [2], Fixed32(6, 1.5f), Bytes(6, BitConverter.GetBytes(-2f))),
            Output("double", "FP64", [1], Fixed64(7, 0.1)),
            Output("flags", "BOOL", [2], Packed(1, 1, 0)),
            Output("text", "BYTES", [2], Text(8, "one"), Text(8, "")),
            Output("none", "INT64", [0, 3])));
        Assert.Equal([1, 2, 3, 255], Data("bytes"));
        Assert.Equal([255, 255, 255, 127, 0, 128], Data("signed"));
        Assert.Equal([.. BitConverter.GetBytes(1.5f), .. BitConverter.GetBytes(-2f)], Data("real"));
        Assert.Equal(BitConverter.GetBytes(0.1), Data("double"));
        Assert.Equal([1, 0], Data("flags"));
        Assert.Equal(Payloads.Strings("one", ""), Data("text"));
        Assert.Empty(Data("none"));
        Assert.False(response.Outputs[0].IsBinary);
    }

    [Fact]
    public void Read_Parameters_KeepTheirKinds()
    {
        Assert.Null(Read(Text(1, "m"), Parameter("b", Varint(1, 1)), Parameter("i", Varint(2, -5)), Parameter("s", Text(3, "text")), Parameter("d", Fixed64(4, 0.5)),
            Parameter("u", Varint(5, 7)), Parameter("large", Varint(5, -1)), Parameter("later", Varint(6, 1))));
        Assert.Equal(6, response.Parameters.Count);
        Assert.True(response.Parameters[0].Boolean);
        Assert.Equal((-5, "text", 0.5), (response.Parameters[1].Integer, Payloads.Text(response.Parameters[2].Text), response.Parameters[3].Number));
        Assert.Equal((7, (double)ulong.MaxValue), (response.Parameters[4].Integer, response.Parameters[5].Number));
    }

    [Fact]
    public void Read_AnswerThatWasRead_CanBeWrittenInEachForm()
    {
        Assert.Null(Read(Text(1, "m"), Output("y", "FP32", [1]), Bytes(6, [0, 0, 128, 63])));
        var buffer = new PayloadBuffer();
        Assert.Null(JsonCodec.Write(response, buffer));
        Assert.Equal("""{"model_name":"m","outputs":[{"name":"y","datatype":"FP32","shape":[1],"data":[1]}]}""", Payloads.Text(buffer.WrittenSpan));
        buffer.Clear();
        Assert.Null(BinaryCodec.Write(response, buffer, out var length));
        Assert.Equal([0, 0, 128, 63], buffer.WrittenSpan[length..].ToArray());
    }

    public static TheoryData<string, byte[], ProtocolErrorCode, string> Refused => new()
    {
        { "group", [0x0b], ProtocolErrorCode.MalformedMessage, "no protobuf at byte 1 of 1" },
        { "field zero", [0x00, 0x00], ProtocolErrorCode.MalformedMessage, "no protobuf" },
        { "cut", Text(1, "model")[..4], ProtocolErrorCode.MalformedMessage, "no protobuf" },
        { "endless varint", [0x08, .. Enumerable.Repeat((byte)0x80, 10), 0], ProtocolErrorCode.MalformedMessage, "no protobuf" },
        { "no UTF-8", Bytes(1, [0xff]), ProtocolErrorCode.MalformedMessage, "'model_name' is not valid UTF-8" },
        { "long name", Text(1, new string('m', 300)), ProtocolErrorCode.LimitExceeded, "'model_name' has 300 bytes, over the limit of 256" },
        { "no name", Output("", "FP32", [1]), ProtocolErrorCode.MissingField, "'name' of outputs[0]" },
        { "two names", Message(Output("y", "FP32", [1]), Output("y", "FP32", [1])), ProtocolErrorCode.DuplicateName, "two tensors are named 'y'" },
        { "datatype", Output("y", "FP8", [1]), ProtocolErrorCode.UnknownDataType, "datatype 'FP8'" },
        { "negative", Output("y", "FP32", [-1]), ProtocolErrorCode.InvalidShape, "a negative dimension" },
        { "overflow", Output("y", "FP32", [1L << 40, 1L << 40]), ProtocolErrorCode.InvalidShape, "more than" },
        { "elements", Output("y", "FP32", [1L << 40]), ProtocolErrorCode.LimitExceeded, "over the limit of" },
        { "dimensions", Output("y", "FP32", [1, 1, 1, 1, 1, 1, 1, 1, 1]), ProtocolErrorCode.LimitExceeded, "more than 8 dimensions" },
        { "tensors", Message([.. Enumerable.Range(0, 65).Select(i => Output($"y{i}", "FP32", [0]))]), ProtocolErrorCode.LimitExceeded, "more than 64 tensors" },
        { "parameters", Message([.. Enumerable.Range(0, 33).Select(i => Parameter($"p{i}", Varint(1, 1)))]), ProtocolErrorCode.LimitExceeded, "more than 32 parameters" },
        { "same parameter", Message(Parameter("p", Varint(1, 1)), Parameter("p", Varint(1, 0))), ProtocolErrorCode.DuplicateField, "parameter 'p' stands twice" },
        { "raw size", Message(Output("y", "FP32", [2]), Bytes(6, new byte[7])), ProtocolErrorCode.BinarySizeMismatch, "7 bytes of data, its shape asks for 2 elements" },
        { "too few raw", Message(Output("y", "FP32", [0]), Output("z", "FP32", [0]), Bytes(6, [])), ProtocolErrorCode.DataMismatch, "has 1 entries for 2 outputs" },
        { "too many raw", Message(Output("y", "FP32", [0]), Bytes(6, []), Bytes(6, [])), ProtocolErrorCode.DataMismatch, "more entries than the 1 outputs" },
        { "raw and typed", Message(Output("y", "INT8", [1], Varint(2, 1)), Bytes(6, [1])), ProtocolErrorCode.DataMismatch, "both contents and raw" },
        { "raw BOOL", Message(Output("y", "BOOL", [1]), Bytes(6, [7])), ProtocolErrorCode.ValueOutOfRange, "the BOOL 7" },
        { "no data", Output("y", "FP32", [2]), ProtocolErrorCode.DataMismatch, "has 0 bytes of contents, its shape asks for 2" },
        { "typed half", Output("y", "FP16", [1], Fixed32(6, 1)), ProtocolErrorCode.NeedsBinary, "FP16, which has no typed contents" },
        { "typed range", Output("y", "INT8", [1], Varint(2, 128)), ProtocolErrorCode.ValueOutOfRange, "has 128 at element 0, outside the range of INT8" },
        { "typed kind", Output("y", "FP32", [1], Varint(6, 1)), ProtocolErrorCode.WrongKind, "contents of another kind" },
        { "typed field", Output("y", "FP32", [1], Packed(2, 1)), ProtocolErrorCode.WrongKind, "in field 6, not in 2" },
        { "typed few", Output("y", "INT32", [3], Packed(2, 1, 2)), ProtocolErrorCode.DataMismatch, "has 2 elements of contents, its shape asks for 3" },
        { "typed many", Output("y", "INT32", [1], Packed(2, 1, 2)), ProtocolErrorCode.DataMismatch, "more elements of contents than the 1" },
        { "typed cut", Output("y", "FP32", [1], Bytes(6, [1, 2, 3])), ProtocolErrorCode.MalformedMessage, "the contents of tensor 'y'" },
        { "texts few", Output("y", "BYTES", [2], Text(8, "a")), ProtocolErrorCode.DataMismatch, "has 1 elements" },
        { "contents twice", Field(5, Text(1, "y"), Text(2, "INT8"), Packed(3, 2), Field(5, Varint(2, 1)), Field(5, Varint(2, 1))), ProtocolErrorCode.DuplicateField, "'contents' stands twice" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void Read_MessageThatIsWrong_IsRefusedByNameAndLimit(string what, byte[] message, ProtocolErrorCode code, string named)
    {
        var error = GrpcCodec.Read(message, response, ProtocolLimits.Default);
        Assert.True(code == error?.Code, $"{what}: {error}");
        Assert.Contains(named, error!.Message);
    }

    [Fact]
    public void Read_OverTheLimitsOfBytes_IsRefusedBeforeMemoryIsTaken()
    {
        var small = new ProtocolLimits { MaxPayloadBytes = 64, MaxDataBytes = 16 };
        Assert.Equal(ProtocolErrorCode.LimitExceeded, GrpcCodec.Read(new byte[65], response, small)?.Code);
        Assert.Equal(ProtocolErrorCode.LimitExceeded, GrpcCodec.Read(Output("y", "INT64", [3], Packed(3, 1, 2, 3)), response, small)?.Code);
        Assert.Equal(ProtocolErrorCode.LimitExceeded, GrpcCodec.Read(Output("y", "BYTES", [1], Text(8, "0123456789abcdef")), response, small)?.Code);
    }

    [Theory]
    [InlineData(new byte[] { 0, 0, 0, 0 }, ProtocolErrorCode.MalformedMessage)]
    [InlineData(new byte[] { 1, 0, 0, 0, 0 }, ProtocolErrorCode.MalformedMessage)]
    [InlineData(new byte[] { 0, 0, 0, 0, 2, 1 }, ProtocolErrorCode.MalformedMessage)]
    [InlineData(new byte[] { 0, 255, 255, 255, 255, 1 }, ProtocolErrorCode.MalformedMessage)]
    [InlineData(new byte[] { 0, 0, 0, 0, 1, 1, 2 }, ProtocolErrorCode.TrailingData)]
    public void Frame_ThatIsNotOneMessage_IsRefused(byte[] body, ProtocolErrorCode code) => Assert.Equal(code, GrpcFrame.Read(body, out _)?.Code);

    [Fact]
    public void Frame_OpenedAndClosed_IsReadAgain()
    {
        var buffer = new PayloadBuffer();
        buffer.Write("left over"u8);
        GrpcFrame.Open(buffer);
        buffer.Write(new byte[70_000]);
        GrpcFrame.Close(buffer);
        Assert.Equal([0, 0, 1, 0x11, 0x70], buffer.WrittenSpan[..5].ToArray());
        Assert.Null(GrpcFrame.Read(buffer.WrittenMemory, out var message));
        Assert.Equal(70_000, message.Length);
    }

    private ProtocolError? Read(params byte[][] fields) => GrpcCodec.Read(Message(fields), response, ProtocolLimits.Default);

    private byte[] Data(string name) => response.Outputs[response.Outputs.IndexOf(Payloads.Utf8(name))].Data.ToArray();
}
