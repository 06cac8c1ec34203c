using System.CommandLine;
using System.Runtime.InteropServices;
using EdgeRuntime.Inference;
using EdgeRuntime.Messaging;
using EdgeRuntime.Serving.Configuration;
using EdgeRuntime.Serving.Hosting;
using EdgeRuntime.Serving.Logging;
using EdgeRuntime.Serving.Supervision;

namespace EdgeRuntime.Serving.Commands;

/// <summary><c>run</c>: serves until SIGTERM or SIGINT; SIGHUP reads the configuration again.</summary>
internal sealed class RunCommand
{
    private readonly Func<string, RunOrder> _load;

    private RunCommand(Func<string, RunOrder> load) => _load = load;

    /// <param name="line">The program's.</param>
    /// <param name="load">Reads its configuration: what is common, and what its role is made from.</param>
    public static Command Create(CommandLine line, Func<string, RunOrder> load)
    {
        var config = ConfigOption.Create();
        var command = new Command("run", "Serves the models of a configuration over MQTT until SIGTERM or SIGINT, then answers what it accepted and stops; SIGHUP reads the configuration's models again.") { config };
        var run = new RunCommand(load);
        command.SetAction(parsed => line.Guard(() => run.Run(parsed.GetValue(config)!)));
        return command;
    }

    private int Run(string path)
    {
        var order = _load(path);
        var settings = order.Settings with { Program = Environment.ProcessPath };
        using var engine = settings.Models.Any(static model => model.IsServedHere) ? InferenceEngine.BeginStart() : null;
        var log = new EventLog(Console.Error, settings.Log.Level, settings.Log.Json, TimeProvider.System);
        using var manager = ServiceManager.Of(Environment.GetEnvironmentVariable, Environment.ProcessId, log, TimeProvider.System);
        using var stop = new CancellationTokenSource();
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        return ServeAsync(order with { Settings = settings }, manager, log, stop.Token).GetAwaiter().GetResult();

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }
    }

    private async Task<int> ServeAsync(RunOrder order, ServiceManager manager, EventLog log, CancellationToken stop)
    {
        var host = new ServingHost(order.Settings, order.Role, (options, handler) => MosquittoLink.Create(options, handler, TimeProvider.System), log, TimeProvider.System) { Manager = manager };
        await using (host.ConfigureAwait(false))
        {
            using var again = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
            {
                signal.Cancel = true;
                _ = host.ReloadAsync(() => _load(order.Settings.File!).Settings);
            });
            await host.RunAsync(stop).ConfigureAwait(false);
        }
        if (host.NeedsRestart is not { } reason) return CommandLine.Done;
        log.Error(order.Settings.Role, $"{reason}: the service manager is to start this program anew");
        return CommandLine.Failed;
    }
}

/// <summary>What is to be served, and as what.</summary>
internal sealed record RunOrder(ServingSettings Settings, Func<ServingIdentity, IServingRole> Role);
