using System.CommandLine;
using EdgeRuntime.Bundles;

namespace EdgeRuntime.Packaging.Commands;

/// <summary><c>verify B --trust KEYS</c>: signatures, manifest, and every entry to its last byte.</summary>
internal static class VerifyCommand
{
    public static Command Create(CommandOutput output)
    {
        var bundle = new Argument<string>("BUNDLE") { Description = "The bundle file" };
        var command = new Command("verify", "Checks the signatures of a bundle and every byte of it") { bundle };
        var trust = new TrustOption(command, required: true);
        command.SetAction(parsed => Run(output, parsed.GetRequiredValue(bundle), trust.Policy(parsed)));
        return command;
    }

    private static int Run(CommandOutput output, string path, TrustPolicy policy)
    {
        using var bundle = VerifiedBundle.Open(path, policy);
        bundle.VerifyAll((done, total) => output.Progress("verifying", done, total));
        output.Say($"{path}: {bundle.Manifest.Name} {bundle.Manifest.Version}, {bundle.Manifest.Entries.Count} entries, {bundle.Size}, digest {bundle.Digest}");
        foreach (var key in bundle.KeyIds) output.Say($"signed by {key}");
        return ExitCode.Done;
    }
}
