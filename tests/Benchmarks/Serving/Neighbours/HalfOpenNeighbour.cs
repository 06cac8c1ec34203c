using System.Net;
using System.Net.Sockets;

namespace EdgeRuntime.Benchmarks.Serving.Neighbours;

/// <summary>Beside its lawful load it holds connections that begin a message and do not end it, to the broker and to the device's HTTP.</summary>
internal sealed class HalfOpenNeighbour : INeighbour
{
    private const int Connections = 64;

    public string Name => "half-open";

    public async Task RunAsync(Neighbourhood scene, TimeSpan duration)
    {
        var held = new List<TcpClient>();
        try
        {
            for (var i = 0; i < Connections; i++)
            {
                held.Add(await OpenAsync(scene.Site.Port, [0x10, 0x40])); // CONNECT of 64 bytes, none of them sent
                held.Add(await OpenAsync(scene.HttpPort, "POST /v2/models/steady/infer HTTP/1.1\r\nHost: "u8.ToArray()));
            }
            await scene.Client.SendAsync(scene.Lawful, duration);
        }
        finally
        {
            foreach (var client in held) client.Dispose();
        }
    }

    private static async Task<TcpClient> OpenAsync(int port, byte[] beginning)
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port);
        await client.GetStream().WriteAsync(beginning);
        return client;
    }
}
