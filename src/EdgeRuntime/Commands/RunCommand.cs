using System.CommandLine;
using System.Runtime.InteropServices;
using EdgeRuntime.Device.Configuration;
using EdgeRuntime.Device.Logging;
using EdgeRuntime.Device.Supervision;
using EdgeRuntime.Inference;
using EdgeRuntime.Messaging;

namespace EdgeRuntime.Device.Commands;

/// <summary><c>run</c>: serves until SIGTERM or SIGINT; SIGHUP reads the configuration again.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        var config = ConfigOption.Create();
        var command = new Command("run", "Serves the models of a configuration over MQTT until SIGTERM or SIGINT, then answers what it accepted and stops; SIGHUP reads the configuration's models again.") { config };
        command.SetAction(parsed => CommandLine.Guard(() => Run(parsed.GetValue(config)!)));
        return command;
    }

    private static int Run(string path)
    {
        var settings = RuntimeConfig.Load(path) with { Program = Environment.ProcessPath };
        using var engine = settings.Models.Count > 0 ? InferenceEngine.BeginStart() : null;
        var log = new EventLog(Console.Error, settings.Log.Level, settings.Log.Json, TimeProvider.System);
        using var manager = ServiceManager.Of(Environment.GetEnvironmentVariable, Environment.ProcessId, log, TimeProvider.System);
        using var stop = new CancellationTokenSource();
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        return ServeAsync(settings, manager, log, stop.Token).GetAwaiter().GetResult();

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }
    }

    private static async Task<int> ServeAsync(RuntimeSettings settings, ServiceManager manager, EventLog log, CancellationToken stop)
    {
        var host = new DeviceHost(settings, (options, handler) => MosquittoLink.Create(options, handler, TimeProvider.System), log, TimeProvider.System) { Manager = manager };
        await using (host.ConfigureAwait(false))
        {
            using var again = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
            {
                signal.Cancel = true;
                _ = host.ReloadAsync(() => RuntimeConfig.Load(settings.File!));
            });
            await host.RunAsync(stop).ConfigureAwait(false);
        }
        if (host.NeedsRestart is not { } reason) return CommandLine.Done;
        log.Error("device", $"{reason}: the service manager is to start this program anew");
        return CommandLine.Failed;
    }
}
