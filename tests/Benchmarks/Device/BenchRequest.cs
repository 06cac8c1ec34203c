using System.Buffers;
using System.Globalization;
using System.Text;
using EdgeRuntime.Bundles;
using EdgeRuntime.Messaging;
using EdgeRuntime.Messaging.OpenInference;

namespace EdgeRuntime.Benchmarks.Device;

/// <summary>What is sent: an image whose answer comes as JSON, or a tensor whose answer comes as binary data.</summary>
internal sealed record BenchRequest(byte[] Payload, string ContentType, int? HeaderLength)
{
    private readonly byte[] _contentType = Encoding.UTF8.GetBytes(ContentType);

    public ReadOnlySpan<byte> ContentTypeUtf8 => _contentType;

    public static BenchRequest Jpeg(string path) => new(File.ReadAllBytes(path), "image/jpeg", null);

    public static BenchRequest Tensor(NamedArray tensor)
    {
        var request = new InferenceRequest();
        request.Inputs.Add(Encoding.UTF8.GetBytes(tensor.Name), (TensorDataType)(int)tensor.Type, tensor.Shape, tensor.Data, binary: true);
        var payload = new ArrayBufferWriter<byte>();
        if (BinaryCodec.Write(request, payload, out var headerLength) is { } error) throw new InvalidDataException(error.Message);
        return new BenchRequest(payload.WrittenSpan.ToArray(), "application/octet-stream", headerLength);
    }

    public MqttUserProperties Properties(TimeSpan deadline) =>
        AddTo(new MqttUserProperties().Add(PropertyNames.DeadlineMs, deadline.TotalMilliseconds.ToString(CultureInfo.InvariantCulture)));

    /// <summary>Adds what the payload's form asks for; allocates nothing.</summary>
    public MqttUserProperties AddTo(MqttUserProperties properties)
    {
        if (HeaderLength is not { } length) return properties.Add("accept"u8, "application/json"u8);
        return properties.Add("accept"u8, "application/octet-stream"u8).Add("inference-header-content-length"u8, length);
    }
}
