using EdgeRuntime.TestKit.Processes;

namespace EdgeRuntime.TestKit.Clients;

/// <summary>The programs under examples/, each run as a process that must end by its deadline.</summary>
public static class ExampleClients
{
    private static readonly TimeSpan StartUp = TimeSpan.FromSeconds(20);

    /// <summary>examples/python/infer.py with the system's Python, which has Debian's python3-paho-mqtt.</summary>
    public static Task<ClientAnswer> PythonAsync(InferenceCall call) => RunAsync("/usr/bin/python3", "python/infer.py", call);

    /// <summary>examples/javascript/infer.mjs; its packages come from the repository's node_modules.</summary>
    public static Task<ClientAnswer> NodeAsync(InferenceCall call) => RunAsync("node", "javascript/infer.mjs", call);

    /// <summary>examples/csharp, as the build left it beside the tests' own output.</summary>
    public static async Task<ClientAnswer> CSharpAsync(InferenceCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        var configuration = Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/'));
        var program = Path.Combine(RepositoryPaths.Root, "artifacts", "build", "bin", "Infer", configuration, "infer");
        return ClientAnswer.OfExample(await ProcessRun.RunAsync(program, call.Arguments, call.Deadline + StartUp));
    }

    private static async Task<ClientAnswer> RunAsync(string program, string script, InferenceCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        var path = Path.Combine(RepositoryPaths.Root, "examples", script);
        return ClientAnswer.OfExample(await ProcessRun.RunAsync(program, [path, .. call.Arguments], call.Deadline + StartUp));
    }
}
