using System.Security.Cryptography;
using EdgeRuntime.Benchmarks.Measuring;
using EdgeRuntime.Benchmarks.Reporting;

namespace EdgeRuntime.Benchmarks.Startup;

/// <summary>Which two builds of ONNX Runtime were compared.</summary>
internal static class LibraryDigests
{
    public static void Report(BenchReport report, string ours) => report.Add(new Figure("onnxruntime-library-mb", Megabytes(ours), "MB")
    {
        Peer = "node",
        PeerValue = Megabytes(NodeScript.Library),
        Note = $"ours sha256:{Digest(ours)}, the peer's sha256:{Digest(NodeScript.Library)}",
    });

    private static double Megabytes(string path) => new FileInfo(path).Length / ProcessMemory.Megabyte;

    private static string Digest(string path) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));
}
