using System.CommandLine;
using EdgeRuntime.Packaging.Building;

namespace EdgeRuntime.Packaging.Commands;

/// <summary><c>build MODEL.onnx ... -o OUT.bundle</c>.</summary>
internal static class BuildCommand
{
    public static Command Create(CommandOutput output)
    {
        var options = new BuildOptions();
        var command = new Command("build", "Makes a signed bundle of an ONNX model");
        options.AddTo(command);
        command.SetAction((parsed, cancel) =>
        {
            var request = options.Request(parsed);
            (output.Json, output.Explains) = (options.WantsJson(parsed), request.Explain);
            var result = new BundleBuild(request, output, TimeProvider.System, cancel).Run();
            Report(output, request, result);
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }

    private static void Report(CommandOutput output, BuildRequest request, BuildResult result)
    {
        if (request.Report is { } path) File.WriteAllText(path, System.Text.Json.JsonSerializer.Serialize(result, BuildResultContext.Default.BuildResult) + "\n");
        if (output.Json) output.WriteJson(result, BuildResultContext.Default.BuildResult);
        foreach (var line in BuildTable.Lines(result)) output.Say(line);
        foreach (var refused in result.Refused) output.Say($"not in the bundle: {refused.Reason}");
        output.Say($"{result.Bundle}: {result.Name} {result.Version}, {string.Join(", ", result.Variants.Select(variant => variant.Id))}, {new Bundles.ByteCount(result.Bytes)}, digest {result.Digest}");
    }
}
