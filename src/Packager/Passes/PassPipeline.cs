using EdgeRuntime.Packaging.Import;

namespace EdgeRuntime.Packaging.Passes;

/// <summary>What a pass did to a model, in a line, and how long it took; the time is for people and never part of a bundle.</summary>
internal sealed record PassReport(string Name, string Did, TimeSpan Elapsed);

/// <summary>Runs passes in order.</summary>
internal static class PassPipeline
{
    /// <param name="model">Is changed.</param>
    /// <param name="passes">In order.</param>
    /// <param name="stopAfter">The last pass that is run; null for all of them.</param>
    /// <param name="time">Times them.</param>
    /// <returns>Those that did something.</returns>
    public static IReadOnlyList<PassReport> Apply(OnnxModel model, IReadOnlyList<IPass> passes, string? stopAfter, TimeProvider time)
    {
        var reports = new List<PassReport>();
        foreach (var pass in passes)
        {
            var start = time.GetTimestamp();
            if (Apply(model, pass) is { } did) reports.Add(new PassReport(pass.Name, did, time.GetElapsedTime(start)));
            if (pass.Name == stopAfter) break;
        }
        return reports;
    }

    private static string? Apply(OnnxModel model, IPass pass)
    {
        try
        {
            return pass.Apply(model);
        }
        catch (PackagerException error)
        {
            throw new PackagerException($"pass {pass.Name}: {error.Message}", error);
        }
    }
}
