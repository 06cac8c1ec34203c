using System.Globalization;
using EdgeRuntime.Bundles;
using EdgeRuntime.Packaging.Onnx;
using Google.Protobuf;
using static EdgeRuntime.Packaging.Onnx.TensorProto.Types;

namespace EdgeRuntime.Packaging.Import;

/// <summary>
/// Reads an ONNX model. External data stays on disk and may only be in files beside the model; what cannot be an ONNX model of opset 7 or
/// later is refused by name.
/// </summary>
internal static class ModelImporter
{
    public const long OldestOpset = 7;
    private const int MaximumDepth = 100;

    /// <exception cref="PackagerException">Not a usable model; the message says why.</exception>
    public static OnnxModel Load(string path)
    {
        try
        {
            var info = new FileInfo(path);
            if (!info.Exists) throw new PackagerException($"{path}: no such model");
            if (info.Length > int.MaxValue) throw new PackagerException($"{path}: {new ByteCount(info.Length)} are over protobuf's limit of 2 GiB: save it with external data");
            using var file = File.OpenRead(path);
            return Read(file, path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new PackagerException($"{path}: {error.Message}", error);
        }
    }

    /// <param name="stream">The model's bytes.</param>
    /// <param name="path">Where it lies: external data is looked for beside it.</param>
    public static OnnxModel Read(Stream stream, string path)
    {
        var proto = Parse(stream, path);
        Require(proto, path);
        var model = new OnnxModel(proto, path);
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        foreach (var tensor in GraphWalk.Tensors(proto.Graph))
        {
            if (tensor.DataLocation == DataLocation.External) model.PutOutside(tensor, External(tensor, folder, path));
            else RequireSize(tensor, TensorBytes.ElementSize(tensor.DataType) == 0 ? -1 : TensorBytes.Of(tensor).Length, path);
        }
        return model;
    }

    private static ModelProto Parse(Stream stream, string path)
    {
        try
        {
            using var input = CodedInputStream.CreateWithLimits(stream, int.MaxValue, MaximumDepth);
            return ModelProto.Parser.ParseFrom(input);
        }
        catch (InvalidProtocolBufferException error)
        {
            throw new PackagerException($"{path}: not an ONNX model: {error.Message}", error);
        }
    }

    private static void Require(ModelProto proto, string path)
    {
        if (proto.Graph is null || proto.Graph.Node.Count == 0 && proto.Graph.Output.Count == 0) throw new PackagerException($"{path}: not an ONNX model: it has no graph");
        var opset = proto.OpsetImport.FirstOrDefault(import => import.Domain is "" or "ai.onnx")
            ?? throw new PackagerException($"{path}: not an ONNX model: it imports no operator set");
        if (opset.Version < OldestOpset) throw new PackagerException($"{path}: opset {opset.Version} is older than {OldestOpset}, the oldest that is read");
        if (proto.Graph.Output.Count == 0) throw new PackagerException($"{path}: the graph has no outputs");
    }

    private static FileRange External(TensorProto tensor, string folder, string path)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in tensor.ExternalData) fields[pair.Key] = pair.Value;
        var name = Identifier.Quote(tensor.Name);
        if (!fields.TryGetValue("location", out var location) || location.Length == 0 || location.Contains('\0') || Path.IsPathRooted(location) || location.Split('/', '\\').Contains(".."))
            throw new PackagerException($"{path}: tensor '{name}' is in '{Identifier.Quote(location ?? "")}', which is not a file beside the model");
        var file = new FileInfo(Path.Combine(folder, location));
        if (!file.Exists) throw new PackagerException($"{path}: tensor '{name}' is in '{Identifier.Quote(location)}', which does not exist");
        var offset = Number(fields, "offset", 0, name, path);
        var length = Number(fields, "length", Math.Max(0, file.Length - offset), name, path);
        if (offset > file.Length || length > file.Length - offset)
            throw new PackagerException($"{path}: tensor '{name}' is {length} bytes from {offset} on, '{Identifier.Quote(location)}' has {file.Length}");
        RequireSize(tensor, length, path);
        return new FileRange(file.FullName, offset, length);
    }

    private static long Number(Dictionary<string, string> fields, string key, long otherwise, string tensor, string path)
    {
        if (!fields.TryGetValue(key, out var text)) return otherwise;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new PackagerException($"{path}: tensor '{tensor}' has the {key} '{Identifier.Quote(text)}'");
    }

    /// <summary>Compares shape and bytes; <paramref name="bytes"/> is -1 where elements have no fixed size.</summary>
    private static void RequireSize(TensorProto tensor, long bytes, string path)
    {
        UInt128 count = 1;
        foreach (var size in tensor.Dims)
        {
            if (size < 0 || (count *= (UInt128)size) > (UInt128)long.MaxValue)
                throw new PackagerException($"{path}: tensor '{Identifier.Quote(tensor.Name)}' has the impossible shape [{string.Join(',', tensor.Dims.Take(8))}]");
        }
        var element = TensorBytes.ElementSize(tensor.DataType);
        if (bytes >= 0 && element > 0 && count * (UInt128)element != (UInt128)bytes)
            throw new PackagerException($"{path}: tensor '{Identifier.Quote(tensor.Name)}' has {bytes} bytes, its shape [{string.Join(',', tensor.Dims)}] wants {count * (UInt128)element}");
    }
}
