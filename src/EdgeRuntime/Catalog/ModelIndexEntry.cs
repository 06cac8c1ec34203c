namespace EdgeRuntime.Device.Catalog;

/// <summary>A line of the model repository's index, in the words of the repository extension of the Open Inference Protocol.</summary>
/// <param name="Name">The model's.</param>
/// <param name="Version">Of the bundle in service; empty where there is none.</param>
/// <param name="State"><c>READY</c>, <c>LOADING</c> or <c>UNAVAILABLE</c>.</param>
/// <param name="Reason">Why it is not ready, or what is wrong although it is; empty for nothing.</param>
internal readonly record struct ModelIndexEntry(string Name, string Version, string State, string Reason);
