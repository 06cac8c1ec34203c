using Xunit;

namespace EdgeRuntime.Architecture.Tests.Dependencies;

public sealed class NativeLibrariesTests
{
    public static TheoryData<string> Libraries => new(NativeLibraries.Homes.Select(home => home.Library));

    [Theory]
    [MemberData(nameof(Libraries))]
    public void Sources_OfTheRepository_CallItFromItsHomeOnly(string library) => Assert.Empty(NativeLibraries.Strays(RepositoryFiles.Sources, Home(library)));

    [Theory]
    [MemberData(nameof(Libraries))]
    public void Assemblies_AsCompiled_OnlyItsProjectCallsIt(string library)
    {
        var callers = ProjectFile.Shipped.Where(project => CompiledAssembly.Of(project).NativeLibraries.Any(name => name.StartsWith(library, StringComparison.Ordinal)));
        Assert.Equal([Home(library).Project], callers.Select(project => project.Name));
    }

    [Theory]
    [MemberData(nameof(Libraries))]
    public void Strays_CallFromElsewhere_IsFound(string library)
    {
        var stray = new RepositoryFile("src/EdgeRuntime/Transport/Shortcut.cs", $"[LibraryImport(\"{library}.so.1\")]");
        Assert.Contains("src/EdgeRuntime/Transport/Shortcut.cs", Assert.Single(NativeLibraries.Strays([stray], Home(library))), StringComparison.Ordinal);
    }

    [Fact]
    public void Projects_OfTheRepository_OnlyOneKnowsWhereOnnxRuntimeComesFrom() => Assert.Empty(NativeLibraries.Vendors(RepositoryFiles.Projects));

    [Theory]
    [InlineData("""<PackageReference Include="Microsoft.ML.OnnxRuntime" />""")]
    [InlineData("""<None Include="$(EdgeNpm)onnxruntime-node/bin/libonnxruntime.so.1" />""")]
    public void Vendors_AnotherProjectKnows_IsFound(string item) =>
        Assert.Single(NativeLibraries.Vendors([new RepositoryFile("src/Inference/Inference.csproj", item)]));

    private static NativeHome Home(string library) => NativeLibraries.Homes.Single(home => home.Library == library);
}
