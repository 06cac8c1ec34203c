using EdgeRuntime.Messaging.OpenInference;
using Xunit;

namespace EdgeRuntime.Messaging.Tests.OpenInference.Grpc;

// Whatever a server sends, its reader ends in a refusal or in something that holds its promises, within the limits.
public sealed class GrpcFuzzTests
{
    private static readonly ProtocolLimits Limits = new() { MaxPayloadBytes = 1 << 16, MaxElements = 4096, MaxDataBytes = 1 << 14 };
    private static readonly string[] Types = ["FP32", "INT8", "UINT64", "BYTES", "BOOL", "FP64", "INT16", "FP16", "FP8"];

    private readonly InferenceResponse response = new();
    private readonly PayloadBuffer written = new();

    private static int Cases => Payloads.Full ? 200_000 : 6_000;

    [Theory]
    [InlineData(21)]
    [InlineData(22)]
    public void Response_MutatedMessages_EndInRefusalOrSoundResponse(int seed)
    {
        var sound = 0;
        for (var i = 0; i < Cases; i++)
        {
            var random = new Random(seed * 1_000_000 + i);
            var message = Message(random);
            if (random.Next(3) > 0) message = MessageGrammar.Mutate(random, message);
            if (GrpcCodec.Read(message, response, Limits) is { } error) CheckError(error);
            else
            {
                sound++;
                CheckResponse();
            }
        }
        Assert.InRange(sound, Cases / 20, Cases * 19 / 20); // both ends are reached
    }

    [Fact]
    public void Metadata_MutatedInEachForm_EndsInRefusalOrValue()
    {
        const string Json = """{"name":"m","versions":["1","\u0032"],"platform":null,"inputs":[{"name":"x","datatype":"FP32","shape":[-1,3]}],"outputs":[],"extensions":["a"],"ready":true,"version":"1"}""";
        byte[] message = Protobuf.Message(Protobuf.Text(1, "m"), Protobuf.Text(2, "1"), Protobuf.Text(3, "p"), Protobuf.Field(4, Protobuf.Text(1, "x"), Protobuf.Text(2, "FP32"), Protobuf.Packed(3, -1, 3)));
        for (var i = 0; i < Cases; i++)
        {
            var random = new Random(23_000_000 + i);
            var (json, protobuf) = (MessageGrammar.Mutate(random, Payloads.Utf8(Json)), MessageGrammar.Mutate(random, message));
            Check(MetadataCodec.ReadServer(json, Limits, out var server), server);
            Check(MetadataCodec.ReadModel(json, Limits, out var model), model);
            Check(MetadataCodec.ReadServerMessage(protobuf, Limits, out server), server);
            Check(MetadataCodec.ReadModelMessage(protobuf, Limits, out model), model);
            if (MetadataCodec.ReadReady(json, Limits, out var ready) is not null) Assert.False(ready);
            if (MetadataCodec.ReadReadyMessage(protobuf, Limits, out ready) is not null) Assert.False(ready);
            _ = GrpcFrame.Read(protobuf, out _);
        }
    }

    private static void Check(ProtocolError? error, object? value)
    {
        Assert.True(error is null != value is null);
        if (error is not null) CheckError(error);
    }

    private static void CheckError(ProtocolError error)
    {
        Assert.InRange(error.Message.Length, 10, 400);
        Assert.DoesNotContain(error.Message, char.IsControl);
    }

    private void CheckResponse()
    {
        Assert.InRange(response.Outputs.Count, 0, Limits.MaxTensors);
        for (var i = 0; i < response.Outputs.Count; i++)
        {
            var tensor = response.Outputs[i];
            Assert.Equal(i, response.Outputs.IndexOf(tensor.Name));
            Assert.InRange(tensor.ElementCount, 0, Limits.MaxElements);
            if (tensor.DataType != TensorDataType.Bytes) Assert.Equal(tensor.ElementCount * tensor.DataType.ElementSize(), tensor.Data.Length);
        }
        written.Clear();
        Assert.Null(WriteInSections());
    }

    // What was read can be passed on.
    private ProtocolError? WriteInSections()
    {
        var error = BinaryCodec.Write(response, written, out var length);
        if (error?.Code is ProtocolErrorCode.NotFinite or ProtocolErrorCode.NeedsBinary) return null; // typed contents go as JSON, which has no NaN
        if (response.ModelName.IsEmpty || error is not null) return error;
        return BinaryCodec.Read(written.WrittenMemory, length, new InferenceResponse(), Limits with { MaxPayloadBytes = 1 << 20, MaxDataBytes = 1 << 20 });
    }

    private static byte[] Message(Random random)
    {
        var raw = random.Next(2) == 0;
        var fields = new List<byte[]> { Protobuf.Text(1, "m"), Protobuf.Text(3, "7"), Protobuf.Parameter("p", Protobuf.Varint(random.Next(1, 6), random.Next())) };
        for (var i = random.Next(3); i >= 0; i--)
        {
            var type = Types[random.Next(Types.Length)];
            var elements = random.Next(4);
            var data = new byte[elements * Math.Max(1, TensorDataTypes.TryParse(Payloads.Utf8(type), out var known) ? known.ElementSize() : 4)];
            if (type == "BYTES") data = Payloads.Strings([.. Enumerable.Repeat("a", elements)]);
            else random.NextBytes(data);
            fields.Add(raw ? Protobuf.Output($"y{i}", type, [elements]) : Protobuf.Output($"y{i}", type, [elements], Contents(type, elements, random)));
            if (raw) fields.Add(Protobuf.Bytes(6, type == "BOOL" ? [.. data.Select(each => (byte)(each & 1))] : data));
        }
        return Protobuf.Message([.. fields]);
    }

    private static byte[] Contents(string type, int elements, Random random) => Protobuf.Message([.. Enumerable.Range(0, elements).Select(_ => type switch
    {
        "FP32" => Protobuf.Fixed32(6, random.NextSingle()),
        "FP64" => Protobuf.Fixed64(7, random.NextDouble()),
        "BYTES" => Protobuf.Text(8, "text"),
        "BOOL" => Protobuf.Varint(1, random.Next(2)),
        "UINT64" => Protobuf.Packed(5, random.NextInt64()),
        _ => Protobuf.Varint(2, random.Next(-200, 200)),
    })]);
}
