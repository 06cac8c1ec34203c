using EdgeRuntime.Packaging.Import;
using EdgeRuntime.Packaging.Onnx;
using Google.Protobuf;
using static EdgeRuntime.Packaging.Onnx.TensorProto.Types;

namespace EdgeRuntime.Packaging.Export;

/// <summary>
/// Writes a variant: model.onnx, and weights.bin with every initializer of the main graph over a kilobyte. A tensor larger than a page
/// starts on a page, so that it can be mapped; smaller ones are aligned to 64 bytes. The same model gives the same bytes.
/// </summary>
internal static class ModelExporter
{
    public const string ModelFile = "model.onnx", WeightsFile = "weights.bin";
    private const int Page = 4096, Line = 64, SmallestOutside = 1024;

    /// <summary>External data needs IR version 4 at least; older models list their initializers as inputs, which stays.</summary>
    private const long OldestIr = 4;

    /// <returns>Bytes written in all.</returns>
    public static long Write(OnnxModel model, string folder)
    {
        Directory.CreateDirectory(folder);
        var written = model.Clone();
        written.Proto.IrVersion = Math.Max(written.Proto.IrVersion, OldestIr);
        long weights = 0;
        var path = Path.Combine(folder, WeightsFile);
        using (var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16))
        {
            foreach (var tensor in written.Graph.Initializer) Place(written, tensor, file);
            InlineTheRest(written);
            file.SetLength(file.Position);
            weights = file.Length;
        }
        if (weights == 0) File.Delete(path);
        var bytes = Serialize(written.Proto);
        File.WriteAllBytes(Path.Combine(folder, ModelFile), bytes);
        return weights + bytes.Length;
    }

    private static void Place(OnnxModel model, TensorProto tensor, FileStream file)
    {
        if ((DataType)tensor.DataType == DataType.String) return;
        var content = model.ContentOf(tensor);
        if (content.Length <= SmallestOutside) return;
        var alignment = content.Length > Page ? Page : Line;
        file.Position = (file.Position + alignment - 1) / alignment * alignment;
        var offset = file.Position;
        using (var data = content.Open()) SparseCopy.Append(data, file);
        if (file.Position != offset + content.Length) throw new PackagerException($"{model.Origin}: tensor '{tensor.Name}' ends after {file.Position - offset} of {content.Length} bytes");
        model.PutOutside(tensor, content);
        tensor.DataLocation = DataLocation.External;
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = WeightsFile });
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "offset", Value = $"{offset}" });
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "length", Value = $"{content.Length}" });
    }

    /// <summary>Tensors of attributes and subgraphs, and small ones that came from outside, go into the model itself.</summary>
    private static void InlineTheRest(OnnxModel model)
    {
        foreach (var tensor in GraphWalk.Tensors(model.Graph))
        {
            if (tensor.DataLocation == DataLocation.External || !model.IsOutside(tensor)) continue;
            var content = model.ContentOf(tensor);
            if (content.Length > int.MaxValue / 2) throw new PackagerException($"{model.Origin}: tensor '{tensor.Name}' of {content.Length} bytes is inside a subgraph, where it cannot be external");
            using var data = content.Open();
            tensor.RawData = ByteString.FromStream(data);
        }
    }

    private static byte[] Serialize(ModelProto proto)
    {
        var size = proto.CalculateSize();
        if (size < 0) throw new PackagerException("the model without its weights is over protobuf's limit of 2 GiB");
        var bytes = new byte[size];
        using var output = new CodedOutputStream(bytes);
        output.Deterministic = true;
        proto.WriteTo(output);
        output.CheckNoSpaceLeft();
        return bytes;
    }
}
