using EdgeRuntime.Packaging.Building;

namespace EdgeRuntime.Benchmarks.Quantize;

/// <summary>For work whose figures alone are wanted.</summary>
internal sealed class SilentLog : BuildLog
{
    public override void Say(string line)
    {
    }

    public override void Explain(string line)
    {
    }

    public override void Progress(string step, long done, long total)
    {
    }
}
