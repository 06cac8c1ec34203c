using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using EdgeRuntime.TestKit;
using EdgeRuntime.TestKit.Processes;
using Xunit;

namespace EdgeRuntime.Architecture.Tests;

/// <summary>What ./edge publish leaves: the bill of materials says what is there, with the versions of the lock files, and the licences are beside it.</summary>
public sealed partial class PublishedProgramTests
{
    private static readonly Dictionary<string, string> Projects = new() { ["edge-runtime"] = "EdgeRuntime", ["edge-packager"] = "Packager", ["edge-offload"] = "Offload" };

    public static TheoryData<string> Programs => [.. Projects.Keys];

    [Theory]
    [MemberData(nameof(Programs))]
    public void Bill_OfAProgram_StatesTheFilesThatShip(string program)
    {
        using var bill = Bill(program);
        var parts = Components(bill).Append(bill.RootElement.GetProperty("metadata").GetProperty("component"));
        var stated = parts.Where(part => Property(part, "edge:file") is not null).ToDictionary(part => Property(part, "edge:file")!, part => Hash(part, "SHA-256"));
        var shipped = Directory.GetFiles(Home(program)).Select(path => Path.GetFileName(path)!).Except(["sbom.cdx.json", "SHA256SUMS"]);
        Assert.Equal(shipped.Order(StringComparer.Ordinal), stated.Keys.Order(StringComparer.Ordinal));
        foreach (var (file, hash) in stated) Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(Home(program), file)))), hash);
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public void Bill_OfAProgram_IsCycloneDxWithVersionsOfTheLockFiles(string program)
    {
        using var bill = Bill(program);
        Assert.Equal("CycloneDX", bill.RootElement.GetProperty("bomFormat").GetString());
        Assert.Equal("1.5", bill.RootElement.GetProperty("specVersion").GetString());
        foreach (var component in Components(bill).Where(component => Property(component, "edge:system-library") is null))
        {
            var (name, version) = (component.GetProperty("purl").GetString()!.Split('/', 2)[1].Split('@')[0], component.GetProperty("version").GetString()!);
            Assert.EndsWith($"{name}@{version}", component.GetProperty("purl").GetString(), StringComparison.Ordinal);
            Assert.NotEmpty(component.GetProperty("licenses")[0].GetProperty("expression").GetString()!);
            if (!IsPack(name)) Assert.Contains(version, LockedVersions(Projects[program], name));
        }
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task Bill_OfAProgram_CoversWhatIsCompiledInLinkedAndOpened(string program)
    {
        using var bill = Bill(program);
        var references = Components(bill).Select(component => component.GetProperty("bom-ref").GetString()!).ToArray();
        Assert.Distinct(references);
        var dependency = Assert.Single(bill.RootElement.GetProperty("dependencies").EnumerateArray());
        Assert.Equal(references.Order(StringComparer.Ordinal), dependency.GetProperty("dependsOn").EnumerateArray().Select(each => each.GetString()!).Order(StringComparer.Ordinal));
        var system = Components(bill).Select(component => Property(component, "edge:system-library")).ToArray();
        Assert.Contains("libcrypto.so.3", system);
        if (program != "edge-packager") Assert.Contains("libmosquitto.so.1", system);
        Assert.Contains(references, reference => reference.StartsWith("compiled:onnxruntime-managed@", StringComparison.Ordinal));
        Assert.Contains(references, reference => reference.Contains("DotNet.ILCompiler@", StringComparison.Ordinal) || reference.Contains("NETCore.App.Runtime.NativeAOT", StringComparison.Ordinal));
        foreach (var file in Directory.GetFiles(Home(program)).Where(path => Path.GetFileName(path) == program || path.EndsWith(".so", StringComparison.Ordinal)))
            Assert.All(await NeededAsync(file), name => Assert.Contains(name, system));
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public void Licences_OfAProgram_AreThereForEachPart(string program)
    {
        using var bill = Bill(program);
        var texts = Directory.GetDirectories(Path.Combine(Home(program), "LICENSES")).Select(path => Path.GetFileName(path)!).ToArray();
        foreach (var component in Components(bill).Where(component => Property(component, "edge:system-library") is null))
        {
            var name = component.GetProperty("name").GetString()!;
            var folder = name.StartsWith("Microsoft.AspNetCore.App", StringComparison.Ordinal) ? "aspnetcore" : name.Contains("ILCompiler", StringComparison.Ordinal) || IsPack(name) ? "dotnet" : name;
            Assert.Contains(folder, texts);
            Assert.All(Directory.GetFiles(Path.Combine(Home(program), "LICENSES", folder)), text => Assert.True(new FileInfo(text).Length > 500, text));
        }
    }

    // Without what is a part of libc6 under another name.
    private static async Task<IEnumerable<string>> NeededAsync(string file) => Needed().Matches((await ProcessRun.RunAsync("readelf", "-d", "-W", file)).Expect().Output)
        .Select(match => match.Groups[1].Value).Where(name => !name.StartsWith("ld-linux", StringComparison.Ordinal) && name.Split('.')[0] is not ("libm" or "libdl" or "librt" or "libpthread"));

    [GeneratedRegex(@"\(NEEDED\).*\[(.+)\]")]
    private static partial Regex Needed();

    private static bool IsPack(string name) => name.StartsWith("Microsoft.NETCore.App", StringComparison.Ordinal) || name.StartsWith("Microsoft.AspNetCore.App", StringComparison.Ordinal);

    private static string Home(string program) => Path.GetDirectoryName(RepositoryPaths.Program(program))!;

    private static JsonDocument Bill(string program) => JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Home(program), "sbom.cdx.json")));

    private static JsonElement[] Components(JsonDocument bill) => [.. bill.RootElement.GetProperty("components").EnumerateArray()];

    private static string? Property(JsonElement component, string name) =>
        component.TryGetProperty("properties", out var properties) && properties.EnumerateArray().FirstOrDefault(each => each.GetProperty("name").GetString() == name) is { ValueKind: JsonValueKind.Object } found
            ? found.GetProperty("value").GetString()
            : null;

    private static string Hash(JsonElement component, string algorithm) =>
        component.GetProperty("hashes").EnumerateArray().First(hash => hash.GetProperty("alg").GetString() == algorithm).GetProperty("content").GetString()!;

    private static string[] LockedVersions(string project, string name)
    {
        using var npm = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(RepositoryPaths.Root, "package-lock.json")));
        if (npm.RootElement.GetProperty("packages").TryGetProperty($"node_modules/{name}", out var package)) return [package.GetProperty("version").GetString()!];
        var locks = Directory.GetFiles(Path.Combine(RepositoryPaths.Root, "eng", "locks"), $"{project}.net*.linux-*.lock.json");
        return [.. locks.SelectMany(path => Resolved(path, name))];
    }

    private static string[] Resolved(string path, string name)
    {
        using var file = JsonDocument.Parse(File.ReadAllBytes(path));
        return [.. file.RootElement.GetProperty("dependencies").EnumerateObject()
            .Where(framework => framework.Value.TryGetProperty(name, out _))
            .Select(framework => framework.Value.GetProperty(name).GetProperty("resolved").GetString()!)];
    }
}
