namespace EdgeRuntime.Benchmarks.Measuring;

/// <summary>A control group of this bench's own. Programs enter it before they are executed.</summary>
internal abstract class ControlGroup : IDisposable
{
    private readonly string _folder;

    /// <param name="folder">Made by this.</param>
    /// <param name="limit">Writes its limits; where it cannot, there is no group.</param>
    protected ControlGroup(string folder, Action limit)
    {
        _folder = folder;
        Directory.CreateDirectory(folder);
        try
        {
            limit();
        }
        catch
        {
            Directory.Delete(folder);
            throw;
        }
    }

    /// <summary>The command that enters the group and becomes <paramref name="command"/>, under the same process id.</summary>
    public (string File, string[] Arguments) Enter(params string[] command) =>
        ("/bin/sh", ["-c", $"echo $$ > '{_folder}/cgroup.procs' && exec \"$@\"", "sh", .. command]);

    /// <summary>Removes the group; whatever ran in it must have ended.</summary>
    public void Dispose()
    {
        if (Directory.Exists(_folder)) Directory.Delete(_folder);
    }
}
