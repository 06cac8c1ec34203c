using System.Text;
using EdgeRuntime.Messaging.OpenInference;
using Xunit;

namespace EdgeRuntime.Messaging.Tests.OpenInference;

public sealed class PropertiesTests
{
    private const string Trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    [Fact]
    public void TryAdd_EveryProperty_IsAValue()
    {
        var properties = new RequestProperties();
        (string, string)[] sent =
        [
            ("deadline-ms", "250"), ("min-quality", "0.97"), ("priority", "9"), ("offload", "never"), ("accept", "application/octet-stream"),
            ("traceparent", Trace), ("inference-header-content-length", "120"), ("model-version", "1.0.0-rc_2"), ("x-other", "anything"), ("x-other", "twice"),
        ];
        foreach (var (name, value) in sent) Assert.Null(properties.TryAdd(Payloads.Utf8(name), Payloads.Utf8(value)));

        Assert.Equal(TimeSpan.FromMilliseconds(250), properties.Deadline);
        Assert.Equal(0.97, properties.MinQuality);
        Assert.Equal((9, OffloadRule.Never, PayloadFormat.Binary, 120), (properties.Priority, properties.Offload, properties.Accept, properties.HeaderLength));
        Assert.Equal("1.0.0-rc_2", properties.ModelVersion.ToString());
        Span<byte> wire = stackalloc byte[TraceParent.WireLength];
        Assert.Equal(TraceParent.WireLength, properties.Trace!.Value.Format(wire));
        Assert.Equal(Trace, Encoding.ASCII.GetString(wire));
    }

    [Fact]
    public void New_NothingSaid_HasTheDefaults()
    {
        var properties = new RequestProperties();
        Assert.Equal((null, null, RequestProperties.DefaultPriority, OffloadRule.Auto), (properties.Deadline, properties.MinQuality, properties.Priority, properties.Offload));
        Assert.Null(properties.Accept);
        Assert.True(properties.ModelVersion.IsEmpty);
    }

    [Theory]
    [InlineData("deadline-ms", "")]
    [InlineData("deadline-ms", "-1")]
    [InlineData("deadline-ms", "1.5")]
    [InlineData("deadline-ms", "86400001")]
    [InlineData("deadline-ms", "99999999999999999999")]
    [InlineData("min-quality", "1.01")]
    [InlineData("min-quality", "-0.1")]
    [InlineData("min-quality", "NaN")]
    [InlineData("min-quality", "0.5x")]
    [InlineData("priority", "10")]
    [InlineData("priority", "05")]
    [InlineData("priority", "high")]
    [InlineData("offload", "Never")]
    [InlineData("accept", "image/png")]
    [InlineData("accept", "text/html")]
    [InlineData("traceparent", "00-00000000000000000000000000000000-00f067aa0ba902b7-01")]
    [InlineData("traceparent", "00-4BF92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")]
    [InlineData("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7")]
    [InlineData("inference-header-content-length", "0x10")]
    [InlineData("model-version", "")]
    [InlineData("model-version", "-1")]
    [InlineData("model-version", "V1")]
    [InlineData("model-version", "1.0.0-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public void TryAdd_ValueOutsideItsDomain_NamesPropertyAndValue(string name, string value)
    {
        var error = new RequestProperties().TryAdd(Payloads.Utf8(name), Payloads.Utf8(value));
        Assert.Equal(ProtocolErrorCode.InvalidProperty, error?.Code);
        Assert.Contains($"'{name}'", error!.Message);
        Assert.Contains($"'{value[..Math.Min(value.Length, 64)]}", error.Message);
    }

    [Fact]
    public void TryAdd_Twice_IsRefused()
    {
        var properties = new RequestProperties();
        Assert.Null(properties.TryAdd("priority"u8, "1"u8));
        Assert.Equal(ProtocolErrorCode.DuplicateField, properties.TryAdd("priority"u8, "2"u8)?.Code);
        Assert.Equal(1, properties.Priority);
    }

    [Theory]
    [InlineData("application/json", PayloadFormat.Json)]
    [InlineData("Application/JSON; charset=utf-8", PayloadFormat.Json)]
    [InlineData("application/octet-stream", PayloadFormat.Binary)]
    [InlineData("image/jpeg", PayloadFormat.Jpeg)]
    [InlineData("image/png", PayloadFormat.Png)]
    public void ContentType_Known_IsRead(string contentType, PayloadFormat format)
    {
        Assert.True(PayloadFormats.TryParse(Payloads.Utf8(contentType), out var read));
        Assert.Equal(format, read);
    }

    [Theory]
    [InlineData("", "no content type is given")]
    [InlineData("text/plain", "'text/plain' is not")]
    [InlineData("application/jsonp", "'application/jsonp' is not")]
    public void ContentType_UnknownOrMissing_NamesTheKnownOnes(string contentType, string named)
    {
        var error = RequestCodec.Read(Payloads.Utf8(contentType), new RequestProperties(), default, new InferenceRequest(), ProtocolLimits.Default);
        Assert.Equal(ProtocolErrorCode.InvalidContentType, error?.Code);
        Assert.Contains(named, error!.Message);
        Assert.Contains("application/json", error.Message);
    }

    [Theory]
    [InlineData(InferenceStatus.Ok, "OK")]
    [InlineData(InferenceStatus.InvalidArgument, "INVALID_ARGUMENT")]
    [InlineData(InferenceStatus.NotFound, "NOT_FOUND")]
    [InlineData(InferenceStatus.DeadlineExceeded, "DEADLINE_EXCEEDED")]
    [InlineData(InferenceStatus.ResourceExhausted, "RESOURCE_EXHAUSTED")]
    [InlineData(InferenceStatus.Unavailable, "UNAVAILABLE")]
    [InlineData(InferenceStatus.Cancelled, "CANCELLED")]
    [InlineData(InferenceStatus.Internal, "INTERNAL")]
    public void Status_WireName_IsThatOfTheProtocolAndReadsBack(InferenceStatus status, string wire)
    {
        Assert.Equal(wire, Payloads.Text(status.WireName()));
        Assert.True(InferenceStatuses.TryParse(Payloads.Utf8(wire), out var read) && read == status);
        Assert.False(InferenceStatuses.TryParse(Payloads.Utf8(wire.ToLowerInvariant()), out _));
    }
}
