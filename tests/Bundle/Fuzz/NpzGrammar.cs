using System.IO.Compression;
using System.Text;

namespace EdgeRuntime.Bundles.Tests.Fuzz;

/// <summary>Archives of arrays whose headers promise what they please; stored or deflated, with checksums that hold.</summary>
internal static class NpzGrammar
{
    private static readonly string[] Types = ["<f4", "|u1", "<i8", ">f4", "|O", "<U3", "=f4", "f4", "", "'"];
    private static readonly string[] Shapes = ["()", "(2,)", "(1, 2)", "(-1,)", "(2147483648,)", "(65536, 65536)", "(0, 99999)", "(", "(a,)", "(1,)*9", "(1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1)"];

    public static byte[] Archive(Random random)
    {
        using var output = new MemoryStream();
        using (var zip = new ZipArchive(output, ZipArchiveMode.Create, leaveOpen: true))
            for (var count = random.Next(3); count >= 0; count--) Member(random, zip, $"x{random.Next(3)}.npy");
        var bytes = output.ToArray();
        return random.Next(2) == 0 ? Mutation.Bytes(random, bytes) : bytes;
    }

    private static void Member(Random random, ZipArchive zip, string name)
    {
        using var stream = zip.CreateEntry(name, random.Next(2) == 0 ? CompressionLevel.NoCompression : CompressionLevel.Fastest).Open();
        stream.Write(Array(random));
        if (random.Next(8) == 0) stream.Write(new byte[1 << 20]);
    }

    private static byte[] Array(Random random)
    {
        var header = $"{{'descr': '{Types[random.Next(Types.Length)]}', 'fortran_order': {(random.Next(8) == 0 ? "True" : "False")}, 'shape': {Shapes[random.Next(Shapes.Length)]}, }}\n";
        var length = random.Next(8) == 0 ? random.Next(1 << 16) : header.Length;
        byte[] npy = [0x93, .. "NUMPY"u8, (byte)random.Next(1, 4), 0, (byte)length, (byte)(length >> 8), .. Encoding.ASCII.GetBytes(header), .. new byte[random.Next(3) * 4]];
        return random.Next(4) == 0 ? Mutation.Bytes(random, npy) : npy;
    }
}
