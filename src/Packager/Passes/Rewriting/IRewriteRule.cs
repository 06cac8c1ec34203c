using EdgeRuntime.Packaging.Graphs;
using EdgeRuntime.Packaging.Onnx;

namespace EdgeRuntime.Packaging.Passes.Rewriting;

/// <summary>
/// Replaces one pattern by another that means the same; its file opens with the algebra. Rules change nothing themselves: what they want
/// changed is a <see cref="Patch"/>, which is checked before it is applied.
/// </summary>
internal interface IRewriteRule
{
    /// <summary>As <c>--explain</c> names it.</summary>
    string Name { get; }

    /// <param name="view">The graph as it is now.</param>
    /// <param name="node">The node that the pattern would end in.</param>
    /// <returns>What to do with the pattern, or why not; <see cref="RewriteResult.NoMatch"/> where the node is none of the rule's.</returns>
    RewriteResult Match(GraphView view, NodeProto node);
}

/// <summary>Nothing, a reason or a patch.</summary>
internal readonly record struct RewriteResult(Patch? Patch, string? Reason)
{
    public static RewriteResult NoMatch => default;

    /// <summary>It is the pattern, yet must stay.</summary>
    public static RewriteResult Refuse(string reason) => new(null, reason);

    public static implicit operator RewriteResult(Patch patch) => new(patch, null);
}
