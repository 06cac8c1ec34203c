using System.Runtime.InteropServices;
using EdgeRuntime.Messaging.OpenInference;
using Xunit;

namespace EdgeRuntime.Messaging.Tests.OpenInference;

public sealed class RoundTripTests
{
    public static TheoryData<TensorDataType, byte[]> Values => new()
    {
        { TensorDataType.Bool, [0, 1] },
        { TensorDataType.UInt8, [byte.MinValue, byte.MaxValue] },
        { TensorDataType.Int8, Bytes<sbyte>(sbyte.MinValue, sbyte.MaxValue) },
        { TensorDataType.UInt16, Bytes(ushort.MinValue, ushort.MaxValue) },
        { TensorDataType.Int16, Bytes(short.MinValue, short.MaxValue) },
        { TensorDataType.UInt32, Bytes(uint.MinValue, uint.MaxValue) },
        { TensorDataType.Int32, Bytes(int.MinValue, int.MaxValue) },
        { TensorDataType.UInt64, Bytes(ulong.MinValue, ulong.MaxValue) },
        { TensorDataType.Int64, Bytes(long.MinValue, long.MaxValue) },
        { TensorDataType.Float16, Bytes(Half.MinValue, Half.Epsilon, (Half)0.1, Half.NegativeZero) },
        { TensorDataType.Float32, Bytes(float.MinValue, float.MaxValue, float.Epsilon, 0.1f, -0f, 1.17549435e-38f, 16777217f) },
        { TensorDataType.Float64, Bytes(double.MinValue, double.MaxValue, double.Epsilon, 0.1, -0d, 2.2250738585072014e-308) },
        { TensorDataType.Bytes, Payloads.Strings("", "plain", "\"quoted\" \\ / \b\f\n\r\t\u0001", "größe 文字 😀") },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public void Json_EveryType_KeepsEveryBit(TensorDataType type, byte[] data)
    {
        var sent = Request(type, data, binary: false);
        var buffer = new PayloadBuffer();
        Assert.Null(JsonCodec.Write(sent, buffer));

        var received = new InferenceRequest();
        Assert.Null(JsonCodec.Read(buffer.WrittenMemory, received, ProtocolLimits.Default));
        AssertSame(sent, received);
    }

    [Theory]
    [MemberData(nameof(Values))]
    [InlineData(TensorDataType.BFloat16, new byte[] { 0x80, 0x3f, 0xc0, 0x7f })]
    [InlineData(TensorDataType.Float32, new byte[] { 0, 0, 0xc0, 0x7f, 0, 0, 0x80, 0xff })]
    public void Binary_EveryType_KeepsEveryBitWithoutCopy(TensorDataType type, byte[] data)
    {
        var sent = Request(type, data, binary: true);
        var buffer = new PayloadBuffer();
        Assert.Null(BinaryCodec.Write(sent, buffer, out var headerLength));
        Assert.Equal(headerLength + data.Length, buffer.Length);

        var received = new InferenceRequest();
        Assert.Null(BinaryCodec.Read(buffer.WrittenMemory, headerLength, received, ProtocolLimits.Default));
        AssertSame(sent, received);
        Assert.True(received.Inputs[0].Data.Overlaps(buffer.WrittenSpan));
    }

    [Fact]
    public void Binary_SectionsAndJsonMixed_EachFindsItsData()
    {
        var sent = new InferenceRequest();
        sent.Inputs.Add("a"u8, TensorDataType.Float32, [2], Bytes(1f, 2f), binary: true);
        sent.Inputs.Add("b"u8, TensorDataType.Int32, [1], Bytes(7), binary: false);
        sent.Inputs.Add("c"u8, TensorDataType.Bytes, [2], Payloads.Strings("x", "yz"), binary: true);
        var buffer = new PayloadBuffer();
        Assert.Null(BinaryCodec.Write(sent, buffer, out var headerLength));

        var received = new InferenceRequest();
        Assert.Null(BinaryCodec.Read(buffer.WrittenMemory, headerLength, received, ProtocolLimits.Default));
        AssertSame(sent, received);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Response_WithParametersAndStrings_ComesBackWhole(bool binary)
    {
        var sent = new InferenceResponse();
        sent.Start("ocr"u8, "1.2"u8, "request \"7\""u8);
        sent.AddParameter("warm"u8, true);
        sent.AddParameter("rung"u8, -3L);
        sent.AddParameter("note"u8, "line\nbreak"u8);
        sent.Outputs.Add("text"u8, TensorDataType.Bytes, [2], Payloads.Strings("EXIT 12", "größe"), binary);
        sent.Outputs.Add("score"u8, TensorDataType.Float32, [2, 1], Bytes(0.25f, 0.875f), binary);
        var buffer = new PayloadBuffer();
        var received = new InferenceResponse();
        if (binary)
        {
            Assert.Null(BinaryCodec.Write(sent, buffer, out var headerLength));
            Assert.Null(BinaryCodec.Read(buffer.WrittenMemory, headerLength, received, ProtocolLimits.Default));
        }
        else
        {
            Assert.Null(JsonCodec.Write(sent, buffer));
            Assert.Null(JsonCodec.Read(buffer.WrittenMemory, received, ProtocolLimits.Default));
        }

        Assert.False(received.IsError);
        Assert.Equal("ocr", Payloads.Text(received.ModelName));
        Assert.Equal("1.2", Payloads.Text(received.ModelVersion));
        Assert.Equal("request \"7\"", Payloads.Text(received.Id));
        Assert.True(received.Parameters.TryGet("warm"u8, out var warm) && warm.Boolean);
        Assert.True(received.Parameters.TryGet("rung"u8, out var rung) && rung.Integer == -3);
        Assert.True(received.Parameters.TryGet("note"u8, out var note));
        Assert.Equal("line\nbreak", Payloads.Text(note.Text));
        AssertSame(sent.Outputs, received.Outputs);
    }

    [Fact]
    public void Request_OutputsAndParameters_ComeBackWholeAndOnce()
    {
        var sent = new InferenceRequest { BinaryDataOutput = true };
        sent.SetId("42"u8);
        sent.AddParameter("postprocess"u8, false);
        sent.Inputs.Add("x"u8, TensorDataType.Int64, [], Bytes(5L));
        sent.Outputs.Add("p"u8, binaryData: false);
        sent.Outputs.Add("q"u8, binaryData: true, classification: 3);
        sent.Outputs.Add("r"u8);
        // Written, read, written again: forwarding a request must not change it.
        var first = new PayloadBuffer();
        Assert.Null(JsonCodec.Write(sent, first));
        var received = new InferenceRequest();
        Assert.Null(JsonCodec.Read(first.WrittenMemory, received, ProtocolLimits.Default));
        var second = new PayloadBuffer();
        Assert.Null(JsonCodec.Write(received, second));
        Assert.Equal(Payloads.Text(first.WrittenSpan), Payloads.Text(second.WrittenSpan));

        AssertSame(sent, received);
        Assert.True(received.BinaryDataOutput);
        Assert.True(received.Parameters.TryGet("postprocess"u8, out var postprocess) && !postprocess.Boolean);
        Assert.Equal(3, received.Outputs.Count);
        Assert.Equal(3, received.Outputs[1].Classification);
        Assert.False(received.WantsBinary("p"u8));
        Assert.True(received.WantsBinary("q"u8));
        Assert.True(received.WantsBinary("r"u8));
        Assert.False(received.WantsBinary("q"u8, PayloadFormat.Json));
    }

    internal static byte[] Bytes<T>(params T[] values) where T : unmanaged => MemoryMarshal.AsBytes(values.AsSpan()).ToArray();

    internal static void AssertSame(InferenceRequest expected, InferenceRequest actual)
    {
        Assert.Equal(Payloads.Text(expected.Id), Payloads.Text(actual.Id));
        AssertSame(expected.Inputs, actual.Inputs);
    }

    private static void AssertSame(TensorSet expected, TensorSet actual)
    {
        Assert.Equal(expected.Count, actual.Count);
        for (var i = 0; i < expected.Count; i++)
        {
            Assert.Equal(Payloads.Text(expected[i].Name), Payloads.Text(actual[i].Name));
            Assert.Equal(expected[i].DataType, actual[i].DataType);
            Assert.Equal(expected[i].Shape.ToArray(), actual[i].Shape.ToArray());
            Assert.Equal(expected[i].ElementCount, actual[i].ElementCount);
            Assert.Equal(Convert.ToHexString(expected[i].Data), Convert.ToHexString(actual[i].Data));
        }
    }

    private static InferenceRequest Request(TensorDataType type, byte[] data, bool binary)
    {
        var count = 0L;
        foreach (var _ in new BytesElements(data)) count++;
        var request = new InferenceRequest();
        request.SetId("id"u8);
        request.Inputs.Add("x"u8, type, [1, type == TensorDataType.Bytes ? count : data.Length / type.ElementSize()], data, binary);
        return request;
    }
}
