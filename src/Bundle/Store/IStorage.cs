namespace EdgeRuntime.Bundles.Store;

/// <summary>
/// Every change that the store makes to the disk, one method an operation, so that tests can cut the power before, in and after each.
/// A path is absolute; what a method did is durable only after the flush that its comment names.
/// </summary>
internal interface IStorage
{
    void CreateFolder(string path);

    /// <summary>Creates a file and flushes its content to the disk; its name is durable after <see cref="FlushFolder"/>.</summary>
    void WriteFile(string path, Stream content);

    void FlushFolder(string path);

    /// <summary>Atomic; replaces a file, never a folder that is not empty.</summary>
    void Move(string from, string to);

    void DeleteFile(string path);

    void DeleteFolder(string path);

    void MakeReadOnly(string path);
}
