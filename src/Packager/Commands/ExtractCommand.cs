using System.CommandLine;
using EdgeRuntime.Bundles;

namespace EdgeRuntime.Packaging.Commands;

/// <summary><c>extract B VARIANT -o DIR --trust KEYS</c>: a variant as ordinary files, for any program that runs ONNX.</summary>
internal static class ExtractCommand
{
    public static Command Create(CommandOutput output)
    {
        var bundle = new Argument<string>("BUNDLE") { Description = "The bundle file" };
        var variant = new Argument<string>("VARIANT") { Description = "Id of a variant, as inspect lists them" };
        var folder = new Option<string>("--output", "-o") { Description = "Folder for model.onnx and weights.bin", Required = true, HelpName = "DIR" };
        var command = new Command("extract", "Takes a variant out of a bundle as ordinary ONNX files") { bundle, variant, folder };
        var trust = new TrustOption(command, required: true);
        command.SetAction(parsed => Run(output, parsed.GetRequiredValue(bundle), parsed.GetRequiredValue(variant), parsed.GetRequiredValue(folder), trust.Policy(parsed)));
        return command;
    }

    private static int Run(CommandOutput output, string path, string id, string folder, TrustPolicy policy)
    {
        using var bundle = VerifiedBundle.Open(path, policy);
        var home = Path.GetDirectoryName(bundle.Manifest.Variant(id).Path) + "/";
        var entries = bundle.Manifest.Entries.Keys.Where(entry => entry.StartsWith(home, StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToList();
        foreach (var entry in entries) RequireFree(Path.Combine(folder, entry[home.Length..]));
        foreach (var entry in entries) Write(output, bundle, entry, Path.Combine(folder, entry[home.Length..]));
        return ExitCode.Done;
    }

    private static void RequireFree(string file)
    {
        if (File.Exists(file)) throw new PackagerException($"{file} exists: nothing is overwritten");
    }

    /// <summary>The file gets its name only when its digest has been checked.</summary>
    private static void Write(CommandOutput output, VerifiedBundle bundle, string entry, string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        var partial = file + ".partial";
        try
        {
            using (var content = bundle.OpenEntry(entry))
            using (var target = File.Create(partial)) content.CopyTo(target, 1 << 20);
            File.Move(partial, file);
        }
        finally
        {
            File.Delete(partial);
        }
        output.Say(file);
    }
}
