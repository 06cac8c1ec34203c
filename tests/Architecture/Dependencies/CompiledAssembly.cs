using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace EdgeRuntime.Architecture.Tests.Dependencies;

/// <summary>What an assembly on disk refers to, read from its metadata: other assemblies, and native libraries by P/Invoke.</summary>
internal sealed record CompiledAssembly(IReadOnlyList<string> References, IReadOnlyList<string> NativeLibraries)
{
    public static CompiledAssembly Read(string path)
    {
        using var file = new PEReader(File.OpenRead(path));
        var metadata = file.GetMetadataReader();
        return new CompiledAssembly(
            [.. metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))],
            [.. Enumerable.Range(1, metadata.GetTableRowCount(TableIndex.ModuleRef))
                .Select(row => metadata.GetString(metadata.GetModuleReference(MetadataTokens.ModuleReferenceHandle(row)).Name))]);
    }

    /// <summary>The assembly of a project, as it lies beside these tests.</summary>
    public static CompiledAssembly Of(ProjectFile project) => Read(Path.Combine(AppContext.BaseDirectory, project.Assembly + ".dll"));
}
