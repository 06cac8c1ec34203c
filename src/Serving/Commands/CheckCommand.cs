using System.CommandLine;
using System.Reflection;
using EdgeRuntime.Bundles;
using EdgeRuntime.Serving.Configuration;

namespace EdgeRuntime.Serving.Commands;

/// <summary><c>check</c>: whether a configuration can be served, without serving it.</summary>
internal sealed class CheckCommand(CommandLine line, Assembly program, string schemaResource, Func<string, ServingSettings> load)
{
    /// <param name="line">The program's.</param>
    /// <param name="program">Which holds the schema of its configuration.</param>
    /// <param name="schema">The resource that is the schema.</param>
    /// <param name="load">Reads a configuration.</param>
    public static Command Create(CommandLine line, Assembly program, string schema, Func<string, ServingSettings> load) => new CheckCommand(line, program, schema, load).Create();

    private Command Create()
    {
        var config = ConfigOption.Create();
        config.Required = false;
        var schema = new Option<bool>("--schema") { Description = "Print the configuration's JSON schema instead." };
        var command = new Command("check", "Checks a configuration and the signatures of its bundles; lists everything that is wrong.") { config, schema };
        command.SetAction(parsed => line.Guard(() => parsed.GetValue(schema) ? PrintSchema() : Check(parsed.GetValue(config))));
        return command;
    }

    private int PrintSchema()
    {
        using var schema = program.GetManifestResourceStream(schemaResource)!;
        using var output = Console.OpenStandardOutput();
        schema.CopyTo(output);
        return CommandLine.Done;
    }

    private int Check(string? path)
    {
        if (path is null) return line.Refuse("check needs --config FILE, or --schema", CommandLine.WrongUsage);
        var settings = load(path);
        Console.WriteLine($"{path}: {settings.Role} {settings.Name} of fleet {settings.Fleet}, target {settings.Target.Name}, root {settings.Root}");
        var store = new BundleStore(settings.Root);
        int bad = settings.Models.Count(model => !Check(model, settings, store));
        Console.WriteLine(bad == 0 ? "ok" : $"{bad} of {settings.Models.Count} models cannot be served");
        return bad == 0 ? CommandLine.Done : CommandLine.Failed;
    }

    private static bool Check(ModelSettings model, ServingSettings settings, BundleStore store)
    {
        if (!model.IsServedHere)
        {
            Console.WriteLine($"  model {model.Slot}: model '{model.Elsewhere!.Name}' of the executor, which has it alone: ok");
            return true;
        }
        try
        {
            var manifest = ManifestOf(model, settings.Trust!, store);
            Console.WriteLine($"  model {model.Slot}: {manifest.Version}, variants {string.Join(", ", manifest.Variants.Select(variant => variant.Id))}: {Problem(manifest, model, settings) ?? "ok"}");
            return Problem(manifest, model, settings) is null;
        }
        catch (BundleException error)
        {
            Console.WriteLine($"  model {model.Slot}: {error.Message}");
            return false;
        }
    }

    private static Manifest ManifestOf(ModelSettings model, TrustPolicy trust, BundleStore store)
    {
        if (model.Source is { } source)
        {
            using var bundle = VerifiedBundle.Open(source, trust);
            return bundle.Manifest;
        }
        return store.Active(model.Slot, trust)?.Manifest
            ?? throw new BundleException(BundleError.NotInstalled, $"no source and no active bundle in {store.Root}: give a source, or flash a bundle");
    }

    private static string? Problem(Manifest manifest, ModelSettings model, ServingSettings settings)
    {
        if (manifest.Name != model.Name) return $"its source is bundle '{manifest.Name}'";
        if (!model.Slot.Takes(manifest)) return $"its source has the version {manifest.Version}, it is to be {model.Version}";
        if (!manifest.Targets.Contains(settings.Target.Name)) return $"it is for {string.Join(", ", manifest.Targets)}, not for target '{settings.Target.Name}'";
        return model.Variant == ModelSettings.BestVariant || manifest.Variants.Any(variant => variant.Id == model.Variant) ? null : $"it has no variant '{model.Variant}'";
    }
}
