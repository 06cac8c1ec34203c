namespace EdgeRuntime.Inference;

/// <summary>In which form a variant's weights are used.</summary>
public enum SessionForm
{
    /// <summary>The bundle's own files, mapped; or, where that was measured to be worth its memory, optimised into private memory.</summary>
    Plain,

    /// <summary>Optimised for this machine ahead of time, weights mapped, kernels read them as they are.</summary>
    Specialised,

    /// <summary>As <see cref="Specialised"/>, with the kernels' packed copies of weights mapped too.</summary>
    Prepacked,
}
