namespace EdgeRuntime.Messaging.OpenInference.Grpc;

// inference.ModelInferRequest with its data in raw_input_contents. What the sender said of the form of its own answer is not passed on,
// nor are parameters of tensors: those of shared memory would have a server read and write its own at a stranger's word.
internal readonly struct RequestWriter(PayloadBuffer to)
{
    private const int ModelName = 1, ModelVersion = 2, Id = 3, Parameters = 4, Inputs = 5, Outputs = 6, RawInputs = 7;
    private const int TensorName = 1, TensorType = 2, TensorShape = 3, OutputParameters = 2;
    private const int Key = 1, Value = 2, Boolean = 1, Integer = 2, String = 3, Real = 4;

    private readonly ProtobufWriter protobuf = new(to);

    public void Write(InferenceRequest request, ReadOnlySpan<byte> model, ReadOnlySpan<byte> version)
    {
        protobuf.Text(ModelName, model);
        protobuf.Text(ModelVersion, version);
        protobuf.Text(Id, request.Id);
        for (var i = 0; i < request.Parameters.Count; i++)
            if (!request.Parameters[i].Name.SequenceEqual("binary_data_output"u8)) Parameter(Parameters, request.Parameters[i]);
        for (var i = 0; i < request.Inputs.Count; i++) Input(request.Inputs[i]);
        for (var i = 0; i < request.Outputs.Count; i++) Output(request.Outputs[i]);
        for (var i = 0; i < request.Inputs.Count; i++) protobuf.Bytes(RawInputs, request.Inputs[i].Data);
    }

    private void Input(in NamedTensor tensor)
    {
        var type = tensor.DataType.WireName();
        protobuf.Open(Inputs, ProtobufWriter.SizeOfText(tensor.Name.Length) + ProtobufWriter.SizeOfText(type.Length) + ProtobufWriter.SizeOfPacked(tensor.Shape));
        protobuf.Text(TensorName, tensor.Name);
        protobuf.Text(TensorType, type);
        protobuf.Packed(TensorShape, tensor.Shape);
    }

    private void Output(in RequestedOutput output)
    {
        var classes = output.Classification > 0 ? 1 + ProtobufWriter.SizeOf((ulong)output.Classification) : 0;
        var entry = classes == 0 ? 0 : SizeOfEntry("classification"u8.Length, classes);
        protobuf.Open(Outputs, ProtobufWriter.SizeOfText(output.Name.Length) + (entry == 0 ? 0 : ProtobufWriter.SizeOfBytes(entry)));
        protobuf.Text(TensorName, output.Name);
        if (entry == 0) return;
        Entry(OutputParameters, "classification"u8, classes);
        protobuf.Number(Integer, (ulong)output.Classification);
    }

    private void Parameter(int field, in Parameter parameter)
    {
        switch (parameter.Kind)
        {
            case ParameterKind.Boolean:
                Entry(field, parameter.Name, 2);
                protobuf.Number(Boolean, parameter.Boolean ? 1UL : 0);
                break;
            case ParameterKind.Integer:
                Entry(field, parameter.Name, 1 + ProtobufWriter.SizeOf((ulong)parameter.Integer));
                protobuf.Number(Integer, (ulong)parameter.Integer);
                break;
            case ParameterKind.Number:
                Entry(field, parameter.Name, 1 + sizeof(double));
                protobuf.Double(Real, parameter.Number);
                break;
            default:
                Entry(field, parameter.Name, ProtobufWriter.SizeOfBytes(parameter.Text.Length));
                protobuf.Bytes(String, parameter.Text);
                break;
        }
    }

    // An entry of a map, as far as its value, whose bytes the caller writes.
    private void Entry(int field, ReadOnlySpan<byte> key, int value)
    {
        protobuf.Open(field, SizeOfEntry(key.Length, value));
        protobuf.Bytes(Key, key);
        protobuf.Open(Value, value);
    }

    private static int SizeOfEntry(int key, int value) => ProtobufWriter.SizeOfBytes(key) + ProtobufWriter.SizeOfBytes(value);
}
