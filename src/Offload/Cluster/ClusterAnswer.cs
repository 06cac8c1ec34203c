using System.Text;
using EdgeRuntime.Messaging.OpenInference;

namespace EdgeRuntime.Offload.Cluster;

/// <summary>Whether an answer, sound by itself, answers what was asked. A server behind a proxy may be another than one thinks.</summary>
internal static class ClusterAnswer
{
    /// <summary>Why it does not; null where it does.</summary>
    public static string? Complaint(ClusterModel model, InferenceRequest request, InferenceResponse response)
    {
        if (!response.ModelName.SequenceEqual(model.NameUtf8)) return $"it is of model {Quote(response.ModelName)}";
        if (model.Version.Length > 0 && !response.ModelVersion.IsEmpty && !response.ModelVersion.SequenceEqual(model.VersionUtf8))
            return $"it is of version {Quote(response.ModelVersion)}";
        if (!response.Id.IsEmpty && !response.Id.SequenceEqual(request.Id)) return $"it answers the id {Quote(response.Id)}, {Quote(request.Id)} was asked";
        for (var i = 0; i < request.Outputs.Count; i++)
            if (response.Outputs.IndexOf(request.Outputs[i].Name) < 0) return $"output {Quote(request.Outputs[i].Name)} is missing";
        return model.Metadata is null ? null : Complaint(model.Metadata, request, response);
    }

    private static string? Complaint(ModelMetadata metadata, InferenceRequest request, InferenceResponse response)
    {
        for (var i = 0; i < response.Outputs.Count; i++)
        {
            var tensor = response.Outputs[i];
            var name = Encoding.UTF8.GetString(tensor.Name);
            if (metadata.Outputs.FirstOrDefault(output => output.Name == name) is not { } told) return $"output {Quote(tensor.Name)} is none of the model's";
            var asked = request.Outputs.IndexOf(tensor.Name);
            if (asked >= 0 && request.Outputs[asked].Classification > 0) continue; // classes come as BYTES, in a shape of their own
            if (tensor.DataType != told.DataType) return $"output {Quote(tensor.Name)} is {Wire(tensor.DataType)}, the model's is {Wire(told.DataType)}";
            if (!Fits(tensor.Shape, told.Shape)) return $"output {Quote(tensor.Name)} has the shape [{string.Join(',', tensor.Shape.ToArray())}], the model's has [{string.Join(',', told.Shape)}]";
        }
        return null;
    }

    private static bool Fits(ReadOnlySpan<long> shape, IReadOnlyList<long> told)
    {
        if (shape.Length != told.Count) return false;
        for (var i = 0; i < shape.Length; i++)
            if (told[i] >= 0 && told[i] != shape[i]) return false;
        return true;
    }

    private static string Wire(TensorDataType type) => Encoding.ASCII.GetString(type.WireName());

    private static string Quote(ReadOnlySpan<byte> text)
    {
        const int Shown = 64;
        return $"'{Encoding.UTF8.GetString(text[..Math.Min(text.Length, Shown)])}{(text.Length > Shown ? "..." : "")}'";
    }
}
