using System.CommandLine;
using EdgeRuntime.Bundles;
using EdgeRuntime.Packaging.Packing;

namespace EdgeRuntime.Packaging.Commands;

/// <summary><c>inspect B</c>: what a bundle says of itself; with <c>--trust</c> only if it is signed.</summary>
internal static class InspectCommand
{
    public static Command Create(CommandOutput output)
    {
        var bundle = new Argument<string>("BUNDLE") { Description = "The bundle file" };
        var json = new Option<bool>("--json") { Description = "The manifest as it stands in the bundle" };
        var command = new Command("inspect", "Shows the manifest of a bundle") { bundle, json };
        var trust = new TrustOption(command, required: false);
        command.SetAction(parsed =>
        {
            output.Json = parsed.GetValue(json);
            return Run(output, parsed.GetRequiredValue(bundle), trust.PolicyOrNull(parsed));
        });
        return command;
    }

    private static int Run(CommandOutput output, string path, TrustPolicy? policy)
    {
        var manifest = Read(path, policy, out var keys);
        if (keys is null) output.Fail($"{path}: signatures were NOT checked, for lack of --trust: anyone may have written this");
        if (output.Json) output.Output.Write(System.Text.Encoding.UTF8.GetString(ManifestJson.Write(manifest)));
        else foreach (var line in ManifestTable.Lines(manifest)) output.Say(line);
        foreach (var key in keys ?? []) output.Say($"signed by {key}");
        return ExitCode.Done;
    }

    private static Manifest Read(string path, TrustPolicy? policy, out IReadOnlyList<Sha256Digest>? keys)
    {
        keys = null;
        if (policy is null) return ManifestPeek.Read(path);
        using var bundle = VerifiedBundle.Open(path, policy);
        keys = bundle.KeyIds;
        return bundle.Manifest;
    }
}
