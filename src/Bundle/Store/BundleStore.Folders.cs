namespace EdgeRuntime.Bundles;

public sealed partial class BundleStore
{
    private const int NoSpaceLeft = 28, WouldBlock = 11; // errno, which .NET gives as HResult

    private string StagingFolder => Path.Combine(Bundles, Staging);

    /// <summary>The one writer's turn; ends when the file is closed.</summary>
    private FileStream Lock()
    {
        var state = Path.Combine(Root, "state");
        Changing($"preparing {Root}", () => PrepareFolders(state));
        try
        {
            return new FileStream(Path.Combine(state, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException error) when (error.HResult == WouldBlock)
        {
            throw new BundleException(BundleError.Storage, $"{Root}: another program is changing the bundles; try again when it is done", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Failed($"locking {Root}", error);
        }
    }

    /// <summary>The names of ROOT and of what is in it are durable before anything is said to be installed or active.</summary>
    private void PrepareFolders(string state)
    {
        var missing = new Stack<string>();
        for (var path = Root; !Directory.Exists(path); path = Path.GetDirectoryName(path)!) missing.Push(path);
        foreach (var path in missing)
        {
            _storage.CreateFolder(path);
            _storage.FlushFolder(Path.GetDirectoryName(path)!);
        }
        _storage.CreateFolder(state);
        _storage.CreateFolder(Bundles);
        _storage.FlushFolder(Root);
    }

    /// <summary>A folder loses its name, durably, before its files go: what a power cut leaves of it never passes for a bundle.</summary>
    private void Discard(string folder)
    {
        RemoveStaging();
        _storage.CreateFolder(StagingFolder);
        _storage.Move(folder, Path.Combine(StagingFolder, Path.GetFileName(folder)));
        _storage.FlushFolder(Path.GetDirectoryName(folder)!);
        RemoveStaging();
    }

    private void RemoveStaging()
    {
        if (Directory.Exists(StagingFolder)) _storage.DeleteFolder(StagingFolder);
    }

    /// <summary>A change of the disk; what the system refuses becomes an error that says what was being done.</summary>
    private static void Changing(string what, Action change)
    {
        try
        {
            change();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Failed(what, error);
        }
    }

    private static BundleException Failed(string what, Exception error) =>
        new(error.HResult == NoSpaceLeft ? BundleError.NoSpace : BundleError.Storage, $"{what}: {error.Message}", error);
}
