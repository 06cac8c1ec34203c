using EdgeRuntime.Bundles;

namespace EdgeRuntime.Serving.Trials;

/// <summary>
/// ROOT/state/tried: what stood its trial on this device with this build of the program, one line each, the latest last. Replaced by a rename.
/// Losing it costs a trial for each model. Not thread-safe: models are loaded one after the other.
/// </summary>
internal sealed class TrialRecord(string root)
{
    public const string FileName = "tried";
    private const int Most = 256, MaximumSize = 64 << 10;

    private readonly string _path = Path.Combine(root, "state", FileName);

    /// <param name="bundle">The bundle's digest.</param>
    /// <param name="variant">The variant's id, or the policy that chose it.</param>
    /// <param name="build">What tried it.</param>
    public bool Has(Sha256Digest bundle, string variant, string build) => Read().Contains(Line(bundle, variant, build));

    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It must not be written.</exception>
    public void Add(Sha256Digest bundle, string variant, string build)
    {
        var line = Line(bundle, variant, build);
        var lines = Read().Where(other => other != line).Append(line).TakeLast(Most);
        Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
        File.WriteAllLines(_path + ".next", lines);
        File.Move(_path + ".next", _path, overwrite: true);
    }

    // What cannot be read is not on record: a trial too many, never one too few.
    private string[] Read()
    {
        try
        {
            return new FileInfo(_path) is { Exists: true, Length: <= MaximumSize } ? File.ReadAllLines(_path) : [];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static string Line(Sha256Digest bundle, string variant, string build) => $"{bundle} {variant} {build}";
}
