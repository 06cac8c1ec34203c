using EdgeRuntime.Messaging;

namespace EdgeRuntime.Device.Responses;

/// <summary>What an answer tells beside its content: which variant of which version answered, by which route, and where the time went.</summary>
internal readonly ref struct AnswerTale
{
    /// <summary>UTF-8; empty where no model answered.</summary>
    public ReadOnlySpan<byte> Variant { get; init; }
    /// <summary>UTF-8.</summary>
    public ReadOnlySpan<byte> ModelVersion { get; init; }
    public TimeSpan Queue { get; init; }
    public TimeSpan Compute { get; init; }
    /// <summary>What is left until the request's deadline.</summary>
    public TimeSpan Left { get; init; }

    public void AddTo(MqttUserProperties properties)
    {
        if (!Variant.IsEmpty) properties.Add("variant"u8, Variant);
        properties.Add("route"u8, "local"u8);
        if (!ModelVersion.IsEmpty) properties.Add("model-version"u8, ModelVersion);
        properties.Add("queue-us"u8, (long)Queue.TotalMicroseconds);
        properties.Add("compute-us"u8, (long)Compute.TotalMicroseconds);
    }
}
