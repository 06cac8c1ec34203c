using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Unicode;
using EdgeRuntime.Messaging.OpenInference;
using Xunit;

namespace EdgeRuntime.Messaging.Tests.OpenInference;

// Whatever the bytes are, a reader ends in a success that holds its promises or in an error; and it calls JSON what the framework's reader does.
public sealed class FuzzTests
{
    private static readonly ProtocolLimits Limits = new() { MaxPayloadBytes = 1 << 16, MaxElements = 4096, MaxDataBytes = 1 << 16, MaxDepth = 16 };
    private readonly InferenceRequest request = new();
    private readonly InferenceRequest again = new();
    private readonly InferenceResponse response = new();
    private readonly PayloadBuffer written = new();

    // Full: 720,000 cases over the six tests.
    private static int Cases => Payloads.Full ? 120_000 : 3_000;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Json_MutatedMessages_EndInRefusalOrSoundRequest(int seed) => Run(seed, random =>
    {
        var payload = MessageGrammar.Mutate(random, Payloads.Utf8(MessageGrammar.Request(random, binary: false, out _)));
        CheckJson(payload);
    });

    [Fact]
    public void Json_GrammarMessages_AreReadOrRefusedAsTheirGrammarSays() => Run(3, random =>
    {
        var payload = Payloads.Utf8(MessageGrammar.Request(random, binary: false, out var sound));
        CheckJson(payload);
        var error = JsonCodec.Read(payload, request, Limits);
        Assert.True(sound == error is null, $"sound: {sound}, but: {error}\n{Payloads.Text(payload)}");
    });

    [Fact]
    public void Binary_MutatedMessages_EndInRefusalOrSoundRequest() => Run(4, random =>
    {
        var header = Payloads.Utf8(MessageGrammar.Request(random, binary: true, out _));
        byte[] payload = [.. header, .. MessageGrammar.Section(random)];
        if (random.Next(3) == 0) payload = MessageGrammar.Mutate(random, payload);
        int? length = random.Next(8) == 0 ? random.Next(-2, payload.Length + 2) : header.Length;
        if (BinaryCodec.Read(payload, length, request, Limits) is { } error) CheckError(error);
        else CheckRequest(binary: true);
    });

    [Fact]
    public void Response_MutatedMessages_EndInRefusalOrSoundResponse() => Run(5, random =>
    {
        var text = MessageGrammar.Request(random, binary: false, out _).Replace("\"outputs\"", "\"model_version\"").Replace("\"inputs\"", "\"outputs\"");
        var payload = MessageGrammar.Mutate(random, Payloads.Utf8(text.Replace("\"id\"", "\"model_name\"")));
        if (JsonCodec.Read(payload, response, Limits) is { } error) CheckError(error);
        else CheckTensors(response.Outputs);
    });

    [Fact]
    public void ImageAndProperties_RandomBytes_EndInRefusalOrValue() => Run(6, random =>
    {
        var image = MessageGrammar.Image(random);
        if (ImageCodec.Read(image, random.Next(2) == 0 ? PayloadFormat.Jpeg : PayloadFormat.Png, request, Limits) is { } error) CheckError(error);
        else Assert.True(request.IsImage);
        var (name, value) = MessageGrammar.Property(random);
        var properties = new RequestProperties();
        if (properties.TryAdd(name, value) is { } wrong) CheckError(wrong);
        Assert.InRange(properties.Priority, 0, 9);
        Assert.True(properties.MinQuality is null or (>= 0 and <= 1));
    });

    private static void Run(int seed, Action<Random> one)
    {
        for (var i = 0; i < Cases; i++)
        {
            var caseSeed = seed * 1_000_000 + i;
            try
            {
                one(new Random(caseSeed));
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"case seed {caseSeed}: {failure.Message}", failure);
            }
        }
    }

    private void CheckJson(byte[] payload)
    {
        var error = JsonCodec.Read(payload, request, Limits);
        if (error is null) CheckRequest(binary: false);
        else CheckError(error);

        var isJson = IsJson(payload);
        if (error is null) Assert.True(isJson, $"taken for JSON: {Payloads.Text(payload)}");
        // The framework's reader lets lone surrogates pass until the text is asked for.
        if (error?.Code is ProtocolErrorCode.MalformedJson && isJson) Assert.Contains("surrogate", error.Message);
    }

    private void CheckRequest(bool binary)
    {
        CheckTensors(request.Inputs);
        written.Clear();
        var headerLength = 0;
        var error = binary ? BinaryCodec.Write(request, written, out headerLength) : JsonCodec.Write(request, written);
        Assert.Null(error);
        var larger = Limits with { MaxPayloadBytes = 1 << 22, MaxDataBytes = 1 << 22 };
        Assert.Null(binary ? BinaryCodec.Read(written.WrittenMemory, headerLength, again, larger) : JsonCodec.Read(written.WrittenMemory, again, larger));
        RoundTripTests.AssertSame(request, again);
    }

    private static void CheckTensors(TensorSet tensors)
    {
        for (var i = 0; i < tensors.Count; i++)
        {
            var tensor = tensors[i];
            Assert.Equal(i, tensors.IndexOf(tensor.Name));
            if (tensor.DataType != TensorDataType.Bytes) Assert.Equal(tensor.ElementCount * tensor.DataType.ElementSize(), tensor.Data.Length);
            else Assert.True(tensor.Data.IsEmpty || BinaryPrimitives.ReadUInt32LittleEndian(tensor.Data) <= tensor.Data.Length - sizeof(uint));
        }
    }

    private static void CheckError(ProtocolError error)
    {
        Assert.InRange(error.Message.Length, 10, 400);
        Assert.DoesNotContain(error.Message, char.IsControl);
    }

    private static bool IsJson(byte[] payload)
    {
        if (!Utf8.IsValid(payload)) return false; // the framework's reader looks at what is escaped only when asked
        try
        {
            var reader = new Utf8JsonReader(payload, new JsonReaderOptions { MaxDepth = 64 });
            while (reader.Read()) { }
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
