using Xunit;

namespace EdgeRuntime.Architecture.Tests.Dependencies;

public sealed class DependencyLawTests
{
    [Fact]
    public void Projects_OfTheRepository_KeepTheLaw() =>
        Assert.Empty(DependencyLaw.Violations(ProjectFile.Shipped.Select(project => new Part(project.Name, project.References))));

    [Fact]
    public void Assemblies_AsCompiled_KeepTheLaw()
    {
        var names = ProjectFile.Shipped.ToDictionary(project => project.Assembly, project => project.Name);
        var parts = ProjectFile.Shipped.Select(project => new Part(project.Name, [.. CompiledAssembly.Of(project).References.Where(names.ContainsKey).Select(name => names[name])])).ToList();
        Assert.Empty(DependencyLaw.Violations(parts));
        Assert.Contains(parts, part => part is { Name: "Inference" } && part.Uses.Contains("OnnxRuntime")); // references were read at all
    }

    [Theory]
    [InlineData("Bundle", "Messaging")]
    [InlineData("Messaging", "Bundle")]
    [InlineData("Inference", "Messaging")]
    [InlineData("EdgeRuntime", "Packager")]
    [InlineData("Packager", "EdgeRuntime")]
    [InlineData("Offload", "EdgeRuntime")]
    [InlineData("Packager", "Serving")]
    [InlineData("Serving", "EdgeRuntime")]
    [InlineData("Helpers", "Bundle")]
    public void Violations_ForbiddenReference_IsFound(string from, string to) =>
        Assert.Contains(from, Assert.Single(DependencyLaw.Violations([new Part(from, [to])])), StringComparison.Ordinal);

    [Fact]
    public void Parse_ProjectWithReference_FindsIt()
    {
        var project = ProjectFile.Parse(new RepositoryFile("src/A/A.csproj", """<Project><PropertyGroup><AssemblyName>a</AssemblyName></PropertyGroup><ItemGroup><ProjectReference Include="..\B\B.csproj" /></ItemGroup></Project>"""));
        Assert.Equal(("A", "a", "B"), (project.Name, project.Assembly, Assert.Single(project.References)));
    }
}
