namespace EdgeRuntime.Messaging.OpenInference;

/// <summary>What a server says of itself.</summary>
/// <param name="Name">Its name, such as triton.</param>
/// <param name="Version">Its version; empty where it tells none.</param>
/// <param name="Extensions">Extensions of the protocol that it has, such as <see cref="BinaryTensorData"/>.</param>
public sealed record ServerMetadata(string Name, string Version, IReadOnlyList<string> Extensions)
{
    /// <summary>The extension of <see cref="BinaryCodec"/>.</summary>
    public const string BinaryTensorData = "binary_tensor_data";
}
