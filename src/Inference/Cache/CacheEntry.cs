namespace EdgeRuntime.Inference.Cache;

/// <summary>An entry whose record and sizes were found right when it was opened.</summary>
internal sealed record CacheEntry(string Folder, EntryRecord Record)
{
    public const string ModelName = "model.onnx", WeightsName = "weights.bin", RecordName = "key.json", CheckedName = "checked";

    public string Name => Path.GetFileName(Folder);

    public string ModelPath => Path.Combine(Folder, ModelName);
}
