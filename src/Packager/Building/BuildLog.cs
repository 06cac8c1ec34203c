namespace EdgeRuntime.Packaging.Building;

/// <summary>What a build tells while it works.</summary>
internal abstract class BuildLog
{
    public abstract void Say(string line);

    /// <summary>Only with <c>--explain</c>.</summary>
    public abstract void Explain(string line);

    /// <summary>How far a long step is; may be called from any thread.</summary>
    public abstract void Progress(string step, long done, long total);
}
