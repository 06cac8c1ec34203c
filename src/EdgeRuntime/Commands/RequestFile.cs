using System.Text;
using EdgeRuntime.Bundles;
using EdgeRuntime.Inference;
using EdgeRuntime.Messaging.OpenInference;

namespace EdgeRuntime.Device.Commands;

/// <summary>Makes a file a request, by its extension: tensors, JSON or an image.</summary>
internal static class RequestFile
{
    private static readonly ByteCount Limit = new(1L << 30);

    /// <summary>Whether the file is an image by its name.</summary>
    public static bool IsImage(string path) => Path.GetExtension(path).ToLowerInvariant() is ".jpg" or ".jpeg" or ".png";

    /// <returns>What is wrong with its content; null where the request is filled.</returns>
    /// <exception cref="BundleException">An .npz that cannot be read.</exception>
    /// <exception cref="IOException">A file that cannot be read.</exception>
    public static ProtocolError? Read(string path, InferenceRequest request)
    {
        var limits = ProtocolLimits.Default;
        return Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".npz" => ReadArrays(path, request),
            ".json" => JsonCodec.Read(Bytes(path, limits), request, limits),
            ".jpg" or ".jpeg" => ImageCodec.Read(Bytes(path, limits), PayloadFormat.Jpeg, request, limits),
            ".png" => ImageCodec.Read(Bytes(path, limits), PayloadFormat.Png, request, limits),
            var other => throw new InferenceException(InferenceError.TypeMismatch, $"{path}: '{other}' is not one of .npz, .json, .jpg, .png"),
        };
    }

    private static ProtocolError? ReadArrays(string path, InferenceRequest request)
    {
        foreach (var array in Npz.ReadFile(path, Limit))
            request.Inputs.Add(Encoding.UTF8.GetBytes(array.Name), (TensorDataType)(int)array.Type, array.Shape, array.Data);
        return null;
    }

    private static byte[] Bytes(string path, ProtocolLimits limits)
    {
        var file = new FileInfo(path);
        return !file.Exists || file.Length <= limits.MaxPayloadBytes
            ? File.ReadAllBytes(path)
            : throw new IOException($"{path}: {file.Length} bytes are over the limit of {limits.MaxPayloadBytes}");
    }
}
