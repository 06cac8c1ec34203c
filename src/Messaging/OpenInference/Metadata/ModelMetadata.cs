namespace EdgeRuntime.Messaging.OpenInference;

/// <summary>One input or output of a model as its server describes it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="DataType">Type of its elements.</param>
/// <param name="Shape">Its dimensions, -1 for one that varies; none for a scalar.</param>
public sealed record TensorMetadata(string Name, TensorDataType DataType, IReadOnlyList<long> Shape);

/// <summary>What a server says of a model.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Versions">Its versions that are there; none where the server tells none.</param>
/// <param name="Platform">What runs it, such as onnx_onnxv1; empty where it is not told.</param>
/// <param name="Inputs">What it takes.</param>
/// <param name="Outputs">What it gives.</param>
public sealed record ModelMetadata(
    string Name, IReadOnlyList<string> Versions, string Platform, IReadOnlyList<TensorMetadata> Inputs, IReadOnlyList<TensorMetadata> Outputs);
