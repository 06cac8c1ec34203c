using EdgeRuntime.Packaging.Import;

namespace EdgeRuntime.Packaging.Passes;

/// <summary>One rewriting of a whole model: requires, then applies, then ensures. Changes the model that it is given.</summary>
internal interface IPass
{
    /// <summary>As it stands in manifests, <c>--explain</c> and <c>--stop-after</c>.</summary>
    string Name { get; }

    /// <returns>What it did, in a line; null where there was nothing to do.</returns>
    /// <exception cref="PackagerException">The model is not what the pass requires.</exception>
    string? Apply(OnnxModel model);
}
