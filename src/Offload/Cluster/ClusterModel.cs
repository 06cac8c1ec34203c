using System.Text;
using EdgeRuntime.Messaging.OpenInference;

namespace EdgeRuntime.Offload.Cluster;

/// <summary>A model as a cluster knows it. Made once, used for all its requests.</summary>
internal sealed class ClusterModel
{
    private const int MaxNameBytes = 256;

    /// <param name="name">Its name there, 1 to 256 bytes.</param>
    /// <param name="version">The version that is to answer; empty for the server's choice.</param>
    /// <param name="metadata">What answers are held to beyond the protocol; null where it was not asked for.</param>
    /// <exception cref="ArgumentException">A name that no request can carry.</exception>
    public ClusterModel(string name, string version = "", ModelMetadata? metadata = null)
    {
        (Name, Version, Metadata) = (name, version, metadata);
        (NameUtf8, VersionUtf8) = (Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(version));
        if (Problem(name, version) is { } problem) throw new ArgumentException(problem, nameof(name));
        Path = $"v2/models/{Uri.EscapeDataString(name)}{(version.Length == 0 ? "" : $"/versions/{Uri.EscapeDataString(version)}")}";
    }

    public string Name { get; }

    public string Version { get; }

    public ModelMetadata? Metadata { get; }

    /// <summary>Where its REST endpoints begin, below the server's address.</summary>
    public string Path { get; }

    public byte[] NameUtf8 { get; }

    public byte[] VersionUtf8 { get; }

    /// <summary>Why no request can carry a name and a version; null where one can.</summary>
    public static string? Problem(string name, string version)
    {
        int bytes = Encoding.UTF8.GetByteCount(name), ofVersion = Encoding.UTF8.GetByteCount(version);
        if (bytes is < 1 or > MaxNameBytes) return $"a model's name has {bytes} bytes, it must have 1 to {MaxNameBytes}";
        if (ofVersion > MaxNameBytes) return $"a model's version has {ofVersion} bytes, over the limit of {MaxNameBytes}";
        // A path of dots would lead elsewhere, whatever is escaped in it.
        return name is "." or ".." || version is "." or ".." ? $"model '{name}' of version '{version}' has no path" : null;
    }

    public override string ToString() => Version.Length == 0 ? $"model '{Name}'" : $"model '{Name}' version '{Version}'";
}
