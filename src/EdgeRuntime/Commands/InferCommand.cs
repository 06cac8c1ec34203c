using System.CommandLine;
using EdgeRuntime.Bundles;
using EdgeRuntime.Inference;
using EdgeRuntime.Messaging.OpenInference;
using EdgeRuntime.Serving.Commands;
using EdgeRuntime.Serving.Configuration;
using EdgeRuntime.Serving.Lanes;

namespace EdgeRuntime.Device.Commands;

/// <summary><c>infer</c>: one answer from a bundle, then exit. The bundle is unpacked and specialised once and found again by its digest.</summary>
internal static class InferCommand
{
    public const string Name = "infer";
    private const string SystemTrust = "/etc/edge-runtime/trust";

    private sealed record Request(string Bundle, string Input, string[] Trust, string? Root, string? Target, string Variant, int Threads, bool Specialise, bool Json);

    public static Command Create()
    {
        var bundle = new Argument<string>("BUNDLE") { Description = "The bundle file." };
        var input = new Argument<string>("INPUT") { Description = "Tensors (.npz, by input name), a request in JSON (.json), or an image (.jpg, .png)." };
        var trust = new Option<string[]>("--trust") { Description = $"Public keys, or folders of them, that the bundle must be signed with [default: {SystemTrust}].", HelpName = "KEYS", AllowMultipleArgumentsPerToken = true };
        var root = new Option<string?>("--root") { Description = "Where bundles are unpacked and specialised [default: ~/.cache/edge-runtime].", HelpName = "DIR" };
        var target = new Option<string?>("--target") { Description = "The hardware description [default: this machine's].", HelpName = "T" };
        var variant = new Option<string>("--variant") { Description = "A rung of the bundle's ladder.", HelpName = "ID", DefaultValueFactory = _ => ModelSettings.BestVariant };
        var threads = new Option<int>("--threads") { Description = "Threads of the run [default: the target's].", HelpName = "N" };
        var plain = new Option<bool>("--no-specialise") { Description = "Do not prepare the model for this machine after the answer." };
        var json = new Option<bool>("--json") { Description = "Print the answer as an Open Inference response." };
        var command = new Command(Name, "Answers one request from a bundle, then exits.") { bundle, input, trust, root, target, variant, threads, plain, json };
        command.SetAction(parsed => DeviceCommands.Line.Guard(() => Run(new Request(
            parsed.GetValue(bundle)!, parsed.GetValue(input)!, parsed.GetValue(trust) ?? [], parsed.GetValue(root), parsed.GetValue(target),
            parsed.GetValue(variant)!, parsed.GetValue(threads), !parsed.GetValue(plain), parsed.GetValue(json)))));
        return command;
    }

    private static int Run(Request request)
    {
        var trust = TrustPolicy.Load(request.Trust.Length > 0 ? request.Trust : DefaultTrust());
        var root = Path.GetFullPath(request.Root ?? DefaultRoot());
        var target = Target.Load(request.Target ?? ThisMachine.TargetName);
        var bundle = Install(request.Bundle, trust, root);
        using var cache = new SessionCache(root, target.Storage.CacheBytes);
        var settings = new ModelSettings { Name = bundle.Manifest.Name, Variant = request.Variant, Threads = request.Threads };
        var serving = new ServingOptions { Specialise = request.Specialise, ReturnsMemory = false, Log = Tell };
        using var model = ServedModel.Open(bundle, settings, target, cache, serving, takesImages: RequestFile.IsImage(request.Input));
        int result = Answer(request, model);
        Specialise(request, model);
        return result;
    }

    private static int Answer(Request asked, ServedModel model)
    {
        var request = new InferenceRequest();
        var response = new InferenceResponse();
        if (RequestFile.Read(asked.Input, request) is { } unreadable) return Refuse(unreadable.Message);
        using var runner = new ModelRunner(model);
        var outcome = runner.Run(request, PayloadFormat.Json, Timeout.InfiniteTimeSpan, response);
        if (outcome.Status != InferenceStatus.Ok) return Refuse($"{asked.Input}: {outcome.Error}");
        return asked.Json ? PrintJson(response) : AnswerText.Print(response, Console.Out);
    }

    private static int PrintJson(InferenceResponse response)
    {
        var payload = new PayloadBuffer();
        if (JsonCodec.Write(response, payload) is { } error) return Refuse(error.Message);
        using var output = Console.OpenStandardOutput();
        output.Write(payload.WrittenSpan);
        output.WriteByte((byte)'\n');
        return CommandLine.Done;
    }

    // The answer is out already: what follows is for the next call.
    private static void Specialise(Request request, ServedModel model)
    {
        if (!request.Specialise || model.Variant.Specialised.IsCompleted) return;
        Console.Error.WriteLine($"preparing {model.Name} {model.Version} for this machine, once ...");
        model.Variant.Specialised.Wait(TimeSpan.FromMinutes(10));
        Console.Error.WriteLine(model.Variant.PlainReason is { } reason ? $"not prepared: {reason}" : $"prepared: {model.Variant.Form}");
    }

    private static InstalledBundle Install(string path, TrustPolicy trust, string root)
    {
        using var bundle = VerifiedBundle.Open(path, trust);
        var store = new BundleStore(root);
        return store.IsInstalled(bundle.Manifest.Name, bundle.Digest) ? store.Open(bundle.Manifest.Name, bundle.Digest, trust) : store.Install(bundle, trust);
    }

    // What went well needs no word.
    private static void Tell(InferenceEvent happened)
    {
        if (happened.Kind is not (InferenceEventKind.CacheOpened or InferenceEventKind.Swapped)) Console.Error.WriteLine($"{happened.Variant}: {happened.Kind}: {happened.Text}");
    }

    private static string[] DefaultTrust() => Directory.Exists(SystemTrust)
        ? [SystemTrust]
        : throw new BundleException(BundleError.NoTrust, $"no trusted keys: give --trust KEYS, or put them into {SystemTrust}");

    private static string DefaultRoot() => Path.Combine(
        Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache ? cache
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"),
        "edge-runtime");

    private static int Refuse(string why) => DeviceCommands.Line.Refuse(why);
}
