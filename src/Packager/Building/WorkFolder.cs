namespace EdgeRuntime.Packaging.Building;

/// <summary>A folder beside the output for what is made on the way, on the same disk since it may be large; gone with the build.</summary>
internal sealed class WorkFolder : IDisposable
{
    private WorkFolder(string path) => Path = path;

    public string Path { get; }

    public string this[params string[] parts] => System.IO.Path.Combine([Path, .. parts]);

    public static WorkFolder Beside(string output)
    {
        var parent = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(output))!;
        Directory.CreateDirectory(parent);
        var path = System.IO.Path.Combine(parent, $".{System.IO.Path.GetFileName(output)}.{Environment.ProcessId}.work");
        if (Directory.Exists(path)) Directory.Delete(path, recursive: true);
        Directory.CreateDirectory(path);
        return new WorkFolder(path);
    }

    /// <summary>One in the system's folder for such, for what is small.</summary>
    public static WorkFolder Temporary() => new(Directory.CreateTempSubdirectory("edge-packager-").FullName);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
