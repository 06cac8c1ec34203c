using System.Diagnostics;
using EdgeRuntime.Messaging.OpenInference;
using Xunit;

namespace EdgeRuntime.Messaging.Tests.OpenInference;

// Run by hand, in a Release build: -class EdgeRuntime.Messaging.Tests.OpenInference.ThroughputTests -explicit on -showLiveOutput
public sealed class ThroughputTests(ITestOutputHelper output)
{
    private const int Elements = 14_500; // about 150 KB of JSON

    [Theory(Explicit = true)]
    [InlineData("shortest float")]
    [InlineData("float as double")]
    public void Json_150KB(string form)
    {
        var random = new Random(1);
        var values = Enumerable.Range(0, Elements).Select(_ => (float)(random.NextDouble() * 2 - 1)).ToArray();
        var data = string.Join(',', values.Select(value => form == "shortest float" ? value.ToString() : ((double)value).ToString()));
        var payload = Payloads.Json($"{{'inputs':[{{'name':'x','shape':[{Elements}],'datatype':'FP32','data':[{data}]}}]}}");
        var request = new InferenceRequest();
        Measure($"JSON read, {form}", payload.Length, () => JsonCodec.Read(payload, request, ProtocolLimits.Default));

        var response = new InferenceResponse();
        response.Start("m"u8, "1"u8, default);
        response.Outputs.Add("y"u8, TensorDataType.Float32, [Elements], RoundTripTests.Bytes(values));
        var buffer = new PayloadBuffer();
        JsonCodec.Write(response, buffer);
        Measure("JSON write", buffer.Length, () =>
        {
            buffer.Clear();
            return JsonCodec.Write(response, buffer);
        });
    }

    [Fact(Explicit = true)]
    public void Binary_150KB()
    {
        var (payload, length) = Payloads.Sections(
            "{'id':'7','inputs':[{'name':'x','shape':[37500],'datatype':'FP32','parameters':{'binary_data_size':150000}}]}", new byte[150_000]);
        var request = new InferenceRequest();
        Measure("binary read", payload.Length, () => BinaryCodec.Read(payload, length, request, ProtocolLimits.Default));
        var buffer = new PayloadBuffer();
        Measure("binary write", payload.Length, () =>
        {
            buffer.Clear();
            return BinaryCodec.Write(request, buffer, out _);
        });
    }

    private void Measure(string what, int bytes, Func<ProtocolError?> one)
    {
        var best = double.MaxValue;
        for (var round = 0; round < 30; round++)
        {
            var start = Stopwatch.GetTimestamp();
            for (var i = 0; i < 20; i++) Assert.Null(one());
            if (round > 10) best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds / 20);
        }
        output.WriteLine($"{what}: {bytes} bytes in {best * 1e6:0.0} us, {bytes / best / 1e6:0} MB/s");
    }
}
