namespace EdgeRuntime.Serving.Catalog;

/// <summary>How a model is loaded.</summary>
/// <param name="InBackground">Whether others are served meanwhile, and must not feel it.</param>
/// <param name="Tests">Whether a bundle that was active before is tested again.</param>
internal readonly record struct LoadManner(bool InBackground = false, bool Tests = false);
