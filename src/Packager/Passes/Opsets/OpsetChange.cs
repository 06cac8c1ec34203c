namespace EdgeRuntime.Packaging.Passes.Opsets;

/// <summary>A version of an op whose nodes are written otherwise than those of the version before.</summary>
/// <param name="Version">Of the default operator set; the first that wants the new form.</param>
/// <param name="Convert">Brings a node into the new form, or says why that cannot be; then the node may be half converted.</param>
internal readonly record struct OpsetChange(long Version, Func<NodeUpgrade, string?> Convert);
