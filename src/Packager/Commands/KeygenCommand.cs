using System.CommandLine;
using EdgeRuntime.Bundles;

namespace EdgeRuntime.Packaging.Commands;

/// <summary><c>keygen -o DIR</c>: a new pair of keys.</summary>
internal static class KeygenCommand
{
    private const string DefaultName = "edge";
    private static readonly string[] Algorithms = ["ed25519", "ecdsa"];

    public static Command Create(CommandOutput output)
    {
        var folder = new Option<string>("--output", "-o") { Description = "Folder for NAME.key, which signs and is to be kept secret, and NAME.pub", Required = true, HelpName = "DIR" };
        var name = new Option<string>("--name") { Description = "Name of the files", DefaultValueFactory = _ => DefaultName, HelpName = "N" };
        var algorithm = new Option<string>("--algorithm") { Description = "ed25519 or ecdsa (P-256)", DefaultValueFactory = _ => Algorithms[0], HelpName = "A" };
        var command = new Command("keygen", "Makes a pair of keys to sign bundles with") { folder, name, algorithm };
        command.SetAction(parsed => Run(output, parsed.GetRequiredValue(folder), parsed.GetRequiredValue(name), parsed.GetRequiredValue(algorithm)));
        return command;
    }

    private static int Run(CommandOutput output, string folder, string name, string algorithm)
    {
        if (!Algorithms.Contains(algorithm)) throw new UsageException($"--algorithm '{Identifier.Quote(algorithm)}' is none of {string.Join(", ", Algorithms)}");
        if (!Identifier.IsValid(name)) throw new UsageException($"--name '{Identifier.Quote(name)}' does not match [a-z0-9][a-z0-9._-]{{0,63}}");
        var key = SigningKey.Generate(algorithm == Algorithms[0] ? SignatureAlgorithm.Ed25519 : SignatureAlgorithm.EcdsaP256);
        var path = key.Save(folder, name);
        output.Say($"{path}: private key, readable by its owner only");
        output.Say($"{Path.ChangeExtension(path, ".pub")}: public key {key.PublicKey.Id}");
        return ExitCode.Done;
    }
}
