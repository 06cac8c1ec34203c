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
        if (NameUtf8.Length is < 1 or > MaxNameBytes) throw new ArgumentException($"a model's name has {NameUtf8.Length} bytes, it must have 1 to {MaxNameBytes}", nameof(name));
        if (VersionUtf8.Length > MaxNameBytes) throw new ArgumentException($"a model's version has {VersionUtf8.Length} bytes, over the limit of {MaxNameBytes}", nameof(version));
        // A path of dots would lead elsewhere, whatever is escaped in it.
        if (name is "." or ".." || version is "." or "..") throw new ArgumentException($"model '{name}' of version '{version}' has no path", nameof(name));
        Path = $"v2/models/{Uri.EscapeDataString(name)}{(version.Length == 0 ? "" : $"/versions/{Uri.EscapeDataString(version)}")}";
    }

    public string Name { get; }

    public string Version { get; }

    public ModelMetadata? Metadata { get; }

    /// <summary>Where its REST endpoints begin, below the server's address.</summary>
    public string Path { get; }

    public byte[] NameUtf8 { get; }

    public byte[] VersionUtf8 { get; }

    public override string ToString() => Version.Length == 0 ? $"model '{Name}'" : $"model '{Name}' version '{Version}'";
}
