using EdgeRuntime.Packaging.Import;

namespace EdgeRuntime.Packaging.Passes;

// IR < 4:  input w, initializer w  ==>  initializer w
/// <summary>
/// Before IR version 4 every initializer had to be listed among the inputs and was a constant all the same. From 4 on, which external data needs,
/// that listing would make it a default that a caller may override, and nothing could be folded into it. Source: ONNX IR.md, "Initializers".
/// </summary>
internal sealed class FixInitializers : IPass
{
    private const long FirstWithDefaults = 4;

    public string Name => "fix-initializers";

    public string? Apply(OnnxModel model)
    {
        if (model.Proto.IrVersion >= FirstWithDefaults) return null;
        var names = model.Graph.Initializer.Select(tensor => tensor.Name).ToHashSet(StringComparer.Ordinal);
        var kept = model.Graph.Input.Where(input => !names.Contains(input.Name)).ToList();
        var dropped = model.Graph.Input.Count - kept.Count;
        model.Graph.Input.Clear();
        model.Graph.Input.AddRange(kept);
        model.Proto.IrVersion = FirstWithDefaults;
        return dropped == 0 ? null : $"{dropped} initializers are no inputs any more";
    }
}
