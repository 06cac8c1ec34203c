using System.Globalization;
using System.Text;

namespace EdgeRuntime.Serving.Tests.Support;

/// <summary>A request as a client would send it; lawful unless a test says otherwise.</summary>
internal sealed record TestRequest
{
    public string Client { get; init; } = TestDevice.Client;
    public byte[] Payload { get; init; } = [];
    public string ContentType { get; init; } = "application/json";
    public string? ResponseTopic { get; init; }
    public bool HasCorrelation { get; init; } = true;

    /// <summary>Its correlation data; one of its own where it is null.</summary>
    public byte[]? Correlation { get; init; }
    public bool Retain { get; init; }
    public TimeSpan? Expiry { get; init; } = TimeSpan.FromSeconds(30);
    public (string Name, string Value)[] Properties { get; init; } = [];

    /// <summary>A float32 tensor in JSON.</summary>
    public static TestRequest Floats(string name, long[] shape, params float[] values) => Json(
        $$"""{"inputs":[{"name":"{{name}}","shape":[{{string.Join(',', shape)}}],"datatype":"FP32","data":[{{string.Join(',', values.Select(value => value.ToString(CultureInfo.InvariantCulture)))}}]}]}""");

    public static TestRequest Json(string json) => new() { Payload = Encoding.UTF8.GetBytes(json) };
}
