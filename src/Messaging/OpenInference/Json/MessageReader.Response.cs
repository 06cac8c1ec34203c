namespace EdgeRuntime.Messaging.OpenInference.Json;

internal ref partial struct MessageReader
{
    public bool TryResponse(InferenceResponse response)
    {
        const int Model = 1, Version = 2, Id = 4, Parameters = 8, Outputs = 16, Error = 32;
        int seen = 0;
        var any = false;
        Slice model = default, version = default, id = default, error = default;
        Run parameters = default;
        if (!cursor.Enter(JsonKind.Object, "the response"u8)) return false;
        while (cursor.NextMember(ref any, out var name))
        {
            var read =
                cursor.NameIs(name, "model_name"u8) ? Once(ref seen, Model, "model_name"u8) && TryText("model_name"u8, limits.MaxNameBytes, out model) :
                cursor.NameIs(name, "model_version"u8) ? Once(ref seen, Version, "model_version"u8) && TryText("model_version"u8, limits.MaxNameBytes, out version) :
                cursor.NameIs(name, "id"u8) ? Once(ref seen, Id, "id"u8) && TryText("id"u8, limits.MaxNameBytes, out id) :
                cursor.NameIs(name, "parameters"u8) ? Once(ref seen, Parameters, "parameters"u8) && TryParameters("parameters"u8, out parameters) :
                cursor.NameIs(name, "outputs"u8) ? Once(ref seen, Outputs, "outputs"u8) && TryTensors(response.Outputs, "outputs"u8) :
                cursor.NameIs(name, "error"u8) ? Once(ref seen, Error, "error"u8) && TryText("error"u8, limits.MaxHeaderBytes, out error) :
                SkipUnknown(name);
            if (!read) return false;
        }
        if (!cursor.AtEnd()) return false;
        if ((seen & Error) != 0) response.SetError(error);
        else if ((seen & Model) == 0) return Missing("'model_name'");
        else if ((seen & Outputs) == 0) return Missing("'outputs'");
        response.SetHead(model, version, id, parameters);
        return true;
    }
}
