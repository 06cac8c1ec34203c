using System.Text.RegularExpressions;

namespace EdgeRuntime.Architecture.Tests.Dependencies;

/// <summary>A native library and the one folder that may call it.</summary>
internal sealed record NativeHome(string Library, string Project, string Folder);

/// <summary>Where native libraries and the vendor of ONNX Runtime may be named.</summary>
internal static partial class NativeLibraries
{
    public static readonly NativeHome[] Homes =
    [
        new("libmosquitto", "Messaging", "src/Messaging/Mosquitto/"),
        new("libcrypto", "Bundle", "src/Bundle/Trust/"),
    ];

    /// <summary>Sources of src/ that hold a library's name as a string outside its home.</summary>
    public static IEnumerable<string> Strays(IEnumerable<RepositoryFile> sources, NativeHome home) => sources
        .Where(file => file.Path.StartsWith("src/", StringComparison.Ordinal) && !file.Path.StartsWith(home.Folder, StringComparison.Ordinal)
            && file.Text.Contains($"\"{home.Library}", StringComparison.Ordinal))
        .Select(file => $"{file.Path} names {home.Library}; only {home.Folder} may");

    /// <summary>Project files that know a package or path of ONNX Runtime, other than the one whose business it is.</summary>
    public static IEnumerable<string> Vendors(IEnumerable<RepositoryFile> projects) => projects
        .Where(file => file.Path != "src/OnnxRuntime/OnnxRuntime.csproj" && Vendor().IsMatch(file.Text))
        .Select(file => $"{file.Path} names '{Vendor().Match(file.Text).Value}'; only src/OnnxRuntime/OnnxRuntime.csproj may");

    // A reference to the project OnnxRuntime.csproj is how everyone else gets it.
    [GeneratedRegex(@"Microsoft\.ML\.OnnxRuntime|asus4|onnxruntime-node|libonnxruntime|libortextensions", RegexOptions.IgnoreCase)]
    private static partial Regex Vendor();
}
