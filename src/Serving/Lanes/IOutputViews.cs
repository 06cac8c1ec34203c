using EdgeRuntime.Inference;

namespace EdgeRuntime.Serving.Lanes;

/// <summary>The outputs of a model for one request, in the order of its bundle: a run's, or what another host computed. One thread.</summary>
internal interface IOutputViews
{
    /// <exception cref="InferenceException">The output is not what the model gives.</exception>
    OutputView this[int output] { get; }
}
