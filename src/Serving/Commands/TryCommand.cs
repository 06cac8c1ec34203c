using System.CommandLine;
using EdgeRuntime.Bundles;
using EdgeRuntime.Inference;
using EdgeRuntime.Serving.Configuration;
using EdgeRuntime.Serving.Lanes;

namespace EdgeRuntime.Serving.Commands;

/// <summary><c>try</c>: opens an installed bundle as <c>run</c> would and tests it on its golden vectors, in a process that nobody else depends on and nobody who is served feels. For <c>run</c> itself; not in the help.</summary>
internal static class TryCommand
{
    public const string Name = "try";
    private const string Slot = "--slot", Digest = "--digest", Variant = "--variant";

    private sealed record Order(string Config, string Slot, string Digest, string Variant);

    /// <param name="line">The program's.</param>
    /// <param name="load">Reads its configuration.</param>
    public static Command Create(CommandLine line, Func<string, ServingSettings> load)
    {
        var config = ConfigOption.Create();
        var slot = new Option<string>(Slot) { Required = true };
        var digest = new Option<string>(Digest) { Required = true };
        var variant = new Option<string>(Variant) { Required = true };
        var command = new Command(Name, "Tests an installed bundle, then exits.") { config, slot, digest, variant };
        command.Hidden = true;
        command.SetAction(parsed => line.Guard(() => Run(load, new Order(parsed.GetValue(config)!, parsed.GetValue(slot)!, parsed.GetValue(digest)!, parsed.GetValue(variant)!))));
        return command;
    }

    /// <summary>How such a process is started.</summary>
    public static IReadOnlyList<string> Arguments(string config, BundleSlot slot, Sha256Digest bundle, string variant) =>
        [Name, "--config", config, Slot, slot.ToString(), Digest, bundle.ToString(), Variant, variant];

    private static int Run(Func<string, ServingSettings> load, Order order)
    {
        ParentDeath.EndsThisProcess();
        BackgroundWork.BecomesThisThread();
        var settings = load(order.Config);
        var model = settings.Models.FirstOrDefault(model => model.Slot.ToString() == order.Slot)
            ?? throw new ConfigException(order.Config, [$"models: it names no model '{Identifier.Quote(order.Slot)}' any more"]);
        var bundle = new BundleStore(settings.Root).Open(model.Name, Sha256Digest.Parse(order.Digest), settings.Trust!);
        using var nothing = new SessionCache(Path.Combine(settings.Root, "state", Name)); // never made: what is tested is the bundle's own form
        var serving = new ServingOptions { Specialise = false, ReturnsMemory = false, Log = static _ => { } };
        using var served = ServedModel.Open(bundle, model with { Variant = order.Variant }, settings.Target, nothing, serving);
        SelfTest.Run(bundle, served.Variant, ModelInstaller.TestBudget);
        return CommandLine.Done;
    }
}
