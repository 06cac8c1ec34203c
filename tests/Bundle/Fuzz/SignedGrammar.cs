using EdgeRuntime.Bundles.Packing;
using EdgeRuntime.Bundles.Tests.Support;
using EdgeRuntime.Bundles.Trust;

namespace EdgeRuntime.Bundles.Tests.Fuzz;

/// <summary>Whole bundles by a trusted key that has lost its mind: what it signs is anything, so that the code behind the signature is reached.</summary>
internal sealed class SignedGrammar
{
    private static readonly string[] Names = ["labels.txt", "golden/0.in.npz", "golden/0.out.npz", "variants/fp32/weights.bin", "variants/fp32/model.onnx"];
    private static readonly string[] Strange = ["labels.txt/x", "manifest.json/x", "Manifest.json", "LABELS.txt", "a/b/c/d/e/f/g/h", "golden", "x"];

    public SigningKey Key { get; } = SigningKey.Generate(SignatureAlgorithm.EcdsaP256);

    public void Write(Random random, string path)
    {
        var entries = new SortedDictionary<string, PackedEntry>(StringComparer.Ordinal);
        foreach (var name in Names) entries.Add(name, PackedEntry.Of(Content(random, name)));
        if (random.Next(4) == 0) entries[Strange[random.Next(Strange.Length)]] = PackedEntry.Of([1, 2, 3]);
        var manifest = Manifest(random, entries);
        entries[EntryNames.Manifest] = PackedEntry.Of(manifest);
        var signature = SignatureFile.Write([new ManifestSignature(Key.PublicKey.Id, Key.PublicKey.Algorithm, Key.Sign(manifest))]);
        entries[EntryNames.Signatures] = PackedEntry.Of(random.Next(8) == 0 ? Mutation.Bytes(random, signature) : signature);
        using var file = File.Create(path);
        BundleWriter.WriteTo(file, entries, null);
    }

    private static byte[] Manifest(Random random, SortedDictionary<string, PackedEntry> entries)
    {
        var stated = entries.ToDictionary(entry => entry.Key, entry => entry.Value.Info);
        var sound = SmallBundle.Manifest(random.Next(3)) with { Entries = stated.Where(entry => !Strange.Contains(entry.Key)).ToDictionary() };
        var text = System.Text.Encoding.UTF8.GetString(ManifestJson.Write(sound));
        foreach (var (name, info) in stated.Where(entry => Strange.Contains(entry.Key)))
            text = text.Replace("\"entries\": {", $"\"entries\": {{\n    \"{name}\": {{ \"size\": {info.Size}, \"sha256\": \"{info.Sha256}\" }},", StringComparison.Ordinal);
        var bytes = System.Text.Encoding.UTF8.GetBytes(text);
        return random.Next(2) == 0 ? Mutation.Json(random, bytes) : bytes;
    }

    private static byte[] Content(Random random, string name) => name switch
    {
        "variants/fp32/model.onnx" when random.Next(2) == 0 => OnnxGrammar.Model(random),
        "variants/fp32/model.onnx" => TinyOnnx.Model("weights.bin", 0, 10),
        "golden/0.in.npz" => NpzGrammar.Archive(random),
        _ => new byte[random.Next(100) + 10],
    };
}
