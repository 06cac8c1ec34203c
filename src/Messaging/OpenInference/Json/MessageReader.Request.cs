namespace EdgeRuntime.Messaging.OpenInference.Json;

internal ref partial struct MessageReader
{
    public bool TryRequest(InferenceRequest request)
    {
        const int Id = 1, Parameters = 2, Inputs = 4, Outputs = 8;
        int seen = 0;
        var any = false;
        if (!cursor.Enter(JsonKind.Object, "the request"u8)) return false;
        while (cursor.NextMember(ref any, out var name))
        {
            var read =
                cursor.NameIs(name, "id"u8) ? Once(ref seen, Id, "id"u8) && TryId(request) :
                cursor.NameIs(name, "parameters"u8) ? Once(ref seen, Parameters, "parameters"u8) && TryRequestParameters(request) :
                cursor.NameIs(name, "inputs"u8) ? Once(ref seen, Inputs, "inputs"u8) && TryTensors(request.Inputs, "inputs"u8) :
                cursor.NameIs(name, "outputs"u8) ? Once(ref seen, Outputs, "outputs"u8) && TryOutputs(request.Outputs) :
                SkipUnknown(name);
            if (!read) return false;
        }
        if (!cursor.AtEnd()) return false;
        return request.Inputs.Count > 0 || Missing("'inputs', with one input at least,");
    }

    private bool TryId(InferenceRequest request)
    {
        if (!TryText("id"u8, limits.MaxNameBytes, out var id)) return false;
        request.SetId(id);
        return true;
    }

    private bool TryRequestParameters(InferenceRequest request)
    {
        if (!TryParameters("parameters"u8, out var run)) return false;
        request.SetParameters(run);
        if (!TryFlag(run, "binary_data_output"u8, out var binary)) return false;
        request.BinaryDataOutput = binary ?? false;
        return true;
    }

    private bool TryOutputs(RequestedOutputs outputs)
    {
        var any = false;
        if (!cursor.Enter(JsonKind.Array, "outputs"u8)) return false;
        while (cursor.NextElement(ref any))
        {
            if (outputs.Count == limits.MaxRequestedOutputs)
                return cursor.Fail(ProtocolErrorCode.LimitExceeded, $"the request asks for more than {limits.MaxRequestedOutputs} outputs, the limit");
            if (!TryOutput(outputs)) return false;
        }
        return cursor.Error is null;
    }

    private bool TryOutput(RequestedOutputs outputs)
    {
        const int Name = 1, Parameters = 2;
        int seen = 0;
        var any = false;
        Slice name = default;
        Run parameters = default;
        if (!cursor.Enter(JsonKind.Object, "outputs[]"u8)) return false;
        while (cursor.NextMember(ref any, out var member))
        {
            var read =
                cursor.NameIs(member, "name"u8) ? Once(ref seen, Name, "name"u8) && TryName("name"u8, out name) :
                cursor.NameIs(member, "parameters"u8) ? Once(ref seen, Parameters, "parameters"u8) && TryParameters("parameters"u8, out parameters) :
                SkipUnknown(member);
            if (!read) return false;
        }
        if (cursor.Error is not null) return false;
        if ((seen & Name) == 0) return Missing($"'name' of outputs[{outputs.Count}]");
        if (outputs.IndexOf(store.Span(name)) >= 0)
            return cursor.Fail(ProtocolErrorCode.DuplicateName, $"output {ProtocolError.Quote(store.Span(name))} is asked for twice");
        if (!TryFlag(parameters, "binary_data"u8, out var binary)) return false;
        if (!TryCount(parameters, "classification"u8, out var classes)) return false;
        outputs.Add(new OutputRecord(name, binary, (int)(classes ?? 0), parameters));
        return true;
    }
}
