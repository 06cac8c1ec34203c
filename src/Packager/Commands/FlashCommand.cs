using System.CommandLine;
using EdgeRuntime.Bundles;
using EdgeRuntime.Packaging.Flashing;

namespace EdgeRuntime.Packaging.Commands;

/// <summary><c>flash B --to DIR --trust KEYS</c>: puts a bundle into a device's root and makes it the active one.</summary>
internal static class FlashCommand
{
    public static Command Create(CommandOutput output)
    {
        var bundle = new Argument<string>("BUNDLE") { Description = "The bundle file" };
        var root = new Option<string>("--to") { Description = "The device's root folder, here", Required = true, HelpName = "DIR" };
        var target = new Option<string?>("--target") { Description = "The device's target; refuses bundles for others", HelpName = "T" };
        var command = new Command("flash", "Installs a bundle into a device's root, tests it there, and activates it; again does no harm") { bundle, root, target };
        var trust = new TrustOption(command, required: true);
        command.SetAction((parsed, cancel) =>
        {
            new FolderFlash(parsed.GetRequiredValue(root), trust.Policy(parsed), output, cancel).Run(parsed.GetRequiredValue(bundle), parsed.GetValue(target));
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }
}
