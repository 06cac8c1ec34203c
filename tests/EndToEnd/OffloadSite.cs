using System.Text;
using EdgeRuntime.TestKit;
using EdgeRuntime.TestKit.Processes;
using Xunit;

namespace EdgeRuntime.EndToEnd.Tests;

/// <summary>A broker, a device and what answers for it: programs of their own.</summary>
public abstract class OffloadSite : BrokerSite
{
    private protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Try = TimeSpan.FromSeconds(2), Pause = TimeSpan.FromMilliseconds(50);

    private protected static Task<AskingClient.Answer> AskAsync(AskingClient client, DeviceProcess device, string offload) =>
        client.AskAsync(device.Name, "echo", Request, "application/json", Try, offload: offload);

    /// <summary>Asks until an answer is as it should be.</summary>
    private protected static async Task UntilAsync(AskingClient client, DeviceProcess device, string offload, Func<AskingClient.Answer, bool> isIt)
    {
        using var late = new CancellationTokenSource(Patience);
        for (var answer = await AskAsync(client, device, offload); !isIt(answer); answer = await AskAsync(client, device, offload))
        {
            if (late.IsCancellationRequested) Assert.Fail($"{answer.Status} {answer.Route}: {Encoding.UTF8.GetString(answer.Payload)}\n{device.Log}");
            await Task.Delay(Pause, CancellationToken.None);
        }
    }

    private protected static bool IsOffloaded(AskingClient.Answer answer) => (answer.Status, answer.Route) == ("OK", "offload");

    private protected static async Task<string> MetricsAsync(int port)
    {
        using var http = new HttpClient();
        return await http.GetStringAsync($"http://127.0.0.1:{port}/metrics");
    }

    /// <summary>Starts a program with a configuration in the folder.</summary>
    private protected RunningProcess Start(string program, string name, string configuration)
    {
        var path = Path.Combine(Folder, $"{name}.json");
        File.WriteAllText(path, configuration);
        return RunningProcess.Start(RepositoryPaths.Program(program), ["run", "--config", path]);
    }

    /// <summary>A server of the fleet.</summary>
    private protected RunningProcess StartServer(string name, string members) => Start("edge-offload", name,
        $$"""{"fleet":"{{DeviceProcess.Fleet}}","server":"{{name}}","root":"{{name}}-root","broker":{"host":"127.0.0.1","port":{{Broker.Port}}},{{members}}}""");
}
