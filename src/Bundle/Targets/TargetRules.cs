namespace EdgeRuntime.Bundles;

/// <summary>What must hold between members of a target; what holds of each alone, the schema says.</summary>
internal static class TargetRules
{
    public static List<string> Problems(Target target)
    {
        var problems = new List<string>();
        if (target.Threads > target.Cores) problems.Add($"threads {target.Threads} is above the {target.Cores} of cores");
        for (var i = 0; i < target.Cpus.Count; i++)
            if (target.Cpus[i] >= target.Cores) problems.Add($"cpus[{i}] {target.Cpus[i]} is not below the {target.Cores} of cores");
        if (!target.AllowCpuFallback && target.ExecutionProviders is ["cpu", ..]) problems.Add("allowCpuFallback is false, yet 'cpu' is the first provider");
        return problems;
    }
}
