using EdgeRuntime.Bundles.Tests.Support;

namespace EdgeRuntime.Bundles.Tests.Fuzz;

/// <summary>Models of the fields that the scan looks at, nested as deep as chance will have it.</summary>
internal static class OnnxGrammar
{
    private static readonly int[] Fields = [1, 2, 4, 5, 6, 7, 8, 10, 11, 13, 15, 22, 23, 25];
    private static readonly string[] Texts = ["", "location", "offset", "length", "weights.bin", "../weights.bin", "10", "5000", "-1", "99999999999999999999", "evil", "com.microsoft", "\0"];

    public static byte[] Model(Random random)
    {
        var model = random.Next(3) switch
        {
            0 => TinyOnnx.Model(Texts[random.Next(Texts.Length)], random.Next(6000), random.Next(6000), random.Next(4) == 0 ? "evil" : ""),
            1 => TinyOnnx.Nested("weights.bin", random.Next(60)),
            _ => TinyOnnx.Field(7, Message(random, random.Next(12))),
        };
        return random.Next(3) == 0 ? Mutation.Bytes(random, model) : model;
    }

    private static byte[] Message(Random random, int depth)
    {
        if (depth == 0) return System.Text.Encoding.UTF8.GetBytes(Texts[random.Next(Texts.Length)]);
        var fields = Enumerable.Range(0, random.Next(1, 4)).Select(_ => TinyOnnx.Field(Fields[random.Next(Fields.Length)], Message(random, random.Next(depth))));
        return [.. fields.SelectMany(field => field)];
    }
}
