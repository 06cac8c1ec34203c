using System.Buffers;

namespace EdgeRuntime.Messaging.OpenInference.Json;

// Writes the JSON of a message: all of it, or the header where tensors marked binary have their data in sections. A request is forwarded to a
// server behind this one with all of its data in sections or none, and asks for its outputs in the same way: what the sender said of the form
// of its own answer stays here, as do parameters of tensors. Those of shared memory would have a server read and write its own at a stranger's word.
internal ref struct MessageWriter(IBufferWriter<byte> to, bool sections, bool forward = false)
{
    private readonly bool sections = sections, forward = forward;
    private JsonWriter json = new(to);

    public static ProtocolError? Check(TensorSet tensors, bool sections)
    {
        for (var i = 0; i < tensors.Count; i++)
        {
            var tensor = tensors[i];
            if (!(sections && tensor.IsBinary) && TensorDataWriter.Check(tensor) is { } error) return error;
        }
        return null;
    }

    public int Write(InferenceRequest request)
    {
        json.Byte((byte)'{');
        if (!request.Id.IsEmpty) Text("id"u8, request.Id);
        WriteParameters(request.Parameters, "binary_data_output"u8, (forward ? sections : request.BinaryDataOutput) ? (true, null) : default);
        WriteTensors("inputs"u8, request.Inputs);
        if (request.Outputs.Count > 0) WriteOutputs(request.Outputs);
        return Close();
    }

    public int Write(InferenceResponse response)
    {
        json.Byte((byte)'{');
        Text("model_name"u8, response.ModelName);
        if (!response.ModelVersion.IsEmpty) Text("model_version"u8, response.ModelVersion);
        if (!response.Id.IsEmpty) Text("id"u8, response.Id);
        WriteParameters(response.Parameters, default, default);
        WriteTensors("outputs"u8, response.Outputs);
        return Close();
    }

    public int WriteError(ReadOnlySpan<byte> message)
    {
        json.Raw("{\"error\":"u8);
        json.String(message);
        return Close();
    }

    private int Close()
    {
        json.Byte((byte)'}');
        json.Flush();
        return json.Written;
    }

    private void Text(ReadOnlySpan<byte> name, ReadOnlySpan<byte> text)
    {
        json.Name(name);
        json.String(text);
        json.Byte((byte)',');
    }

    private void WriteTensors(ReadOnlySpan<byte> list, TensorSet tensors)
    {
        json.Name(list);
        json.Byte((byte)'[');
        for (var i = 0; i < tensors.Count; i++)
        {
            if (i > 0) json.Byte((byte)',');
            WriteTensor(tensors[i]);
        }
        json.Byte((byte)']');
    }

    private void WriteTensor(in NamedTensor tensor)
    {
        var section = sections && (forward || tensor.IsBinary);
        json.Byte((byte)'{');
        Text("name"u8, tensor.Name);
        Text("datatype"u8, tensor.DataType.WireName());
        WriteParameters(forward ? default : tensor.Parameters, "binary_data_size"u8, section ? (null, tensor.Data.Length) : default);
        json.Name("shape"u8);
        json.Byte((byte)'[');
        for (var i = 0; i < tensor.Shape.Length; i++)
        {
            if (i > 0) json.Byte((byte)',');
            json.Integer(tensor.Shape[i]);
        }
        json.Byte((byte)']');
        if (!section)
        {
            json.Raw(",\"data\":"u8);
            TensorDataWriter.Write(ref json, tensor);
        }
        json.Byte((byte)'}');
    }

    private void WriteOutputs(RequestedOutputs outputs)
    {
        json.Raw(",\"outputs\":["u8);
        for (var i = 0; i < outputs.Count; i++)
        {
            if (i > 0) json.Byte((byte)',');
            WriteOutput(outputs[i]);
        }
        json.Byte((byte)']');
    }

    private void WriteOutput(in RequestedOutput output)
    {
        json.Byte((byte)'{');
        if (forward) WriteOutputParameters(null, output.Classification);
        else if (output.Parameters.Count > 0) WriteParameters(output.Parameters, default, default);
        else WriteOutputParameters(output.BinaryData, output.Classification);
        json.Name("name"u8);
        json.String(output.Name);
        json.Byte((byte)'}');
    }

    private void WriteOutputParameters(bool? binaryData, int classification)
    {
        if (binaryData is null && classification == 0) return;
        json.Raw("\"parameters\":{"u8);
        if (binaryData is { } binary)
        {
            json.Name("binary_data"u8);
            json.Boolean(binary);
            if (classification > 0) json.Byte((byte)',');
        }
        if (classification > 0)
        {
            json.Name("classification"u8);
            json.Integer(classification);
        }
        json.Raw("},"u8);
    }

    // The parameters of a message, with one of the protocol's own left out as it was and written as it is now.
    private void WriteParameters(ParameterList parameters, ReadOnlySpan<byte> own, (bool? Flag, long? Size) value)
    {
        var any = false;
        if (value.Flag is { } flag)
        {
            OpenParameter(own, ref any);
            json.Boolean(flag);
        }
        if (value.Size is { } size)
        {
            OpenParameter(own, ref any);
            json.Integer(size);
        }
        for (var i = 0; i < parameters.Count; i++)
        {
            var parameter = parameters[i];
            if (parameter.Name.SequenceEqual(own)) continue;
            OpenParameter(parameter.Name, ref any);
            WriteValue(parameter);
        }
        if (any) json.Raw("},"u8);
    }

    private void OpenParameter(ReadOnlySpan<byte> name, ref bool any)
    {
        json.Raw(any ? ","u8 : "\"parameters\":{"u8);
        any = true;
        json.String(name);
        json.Byte((byte)':');
    }

    private void WriteValue(in Parameter parameter)
    {
        switch (parameter.Kind)
        {
            case ParameterKind.Boolean: json.Boolean(parameter.Boolean); break;
            case ParameterKind.Integer: json.Integer(parameter.Integer); break;
            case ParameterKind.Number: json.Number(parameter.Number); break;
            default: json.String(parameter.Text); break;
        }
    }
}
