using System.CommandLine;
using EdgeRuntime.Bundles;
using EdgeRuntime.Device.Configuration;

namespace EdgeRuntime.Device.Commands;

/// <summary><c>check</c>: whether a configuration can be served, without serving it.</summary>
internal static class CheckCommand
{
    private const string SchemaResource = "edge-runtime.schema.json";

    public static Command Create()
    {
        var config = ConfigOption.Create();
        config.Required = false;
        var schema = new Option<bool>("--schema") { Description = "Print the configuration's JSON schema instead." };
        var command = new Command("check", "Checks a configuration and the signatures of its bundles; lists everything that is wrong.") { config, schema };
        command.SetAction(parsed => CommandLine.Guard(() => parsed.GetValue(schema) ? PrintSchema() : Check(parsed.GetValue(config))));
        return command;
    }

    private static int PrintSchema()
    {
        using var schema = typeof(CheckCommand).Assembly.GetManifestResourceStream(SchemaResource)!;
        using var output = Console.OpenStandardOutput();
        schema.CopyTo(output);
        return CommandLine.Done;
    }

    private static int Check(string? path)
    {
        if (path is null)
        {
            Console.Error.WriteLine("edge-runtime: check needs --config FILE, or --schema");
            return CommandLine.WrongUsage;
        }
        var settings = RuntimeConfig.Load(path);
        Console.WriteLine($"{path}: device {settings.Device} of fleet {settings.Fleet}, target {settings.Target.Name}, root {settings.Root}");
        var store = new BundleStore(settings.Root);
        int bad = settings.Models.Count(model => !Check(model, settings, store));
        Console.WriteLine(bad == 0 ? "ok" : $"{bad} of {settings.Models.Count} models cannot be served");
        return bad == 0 ? CommandLine.Done : CommandLine.Failed;
    }

    private static bool Check(ModelSettings model, RuntimeSettings settings, BundleStore store)
    {
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

    private static string? Problem(Manifest manifest, ModelSettings model, RuntimeSettings settings)
    {
        if (manifest.Name != model.Name) return $"its source is bundle '{manifest.Name}'";
        if (!model.Slot.Takes(manifest)) return $"its source has the version {manifest.Version}, it is to be {model.Version}";
        if (!manifest.Targets.Contains(settings.Target.Name)) return $"it is for {string.Join(", ", manifest.Targets)}, not for target '{settings.Target.Name}'";
        return model.Variant == ModelSettings.BestVariant || manifest.Variants.Any(variant => variant.Id == model.Variant) ? null : $"it has no variant '{model.Variant}'";
    }
}
