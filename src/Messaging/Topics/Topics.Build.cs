using System.Text;
using static EdgeRuntime.Messaging.TopicPattern;

namespace EdgeRuntime.Messaging;

// Building: strings, because filters are strings and topics are built once and kept. An invalid identifier throws ArgumentException.
public static partial class Topics
{
    private const string AnyLevel = "+";

    /// <summary>A request to a device.</summary>
    public static string Infer(string fleet, string device, string model, string client) => Build(TopicKind.Infer, fleet, device, model, client);

    /// <summary>All requests to a device: subscribed to by it.</summary>
    public static string InferFilter(string fleet, string device) => Filter(TopicKind.Infer, fleet, device);

    /// <summary>A client gives up a request to a device.</summary>
    public static string Cancel(string fleet, string device, string client) => Build(TopicKind.Cancel, fleet, device, "", client);

    /// <summary>All cancellations for a device: subscribed to by it.</summary>
    public static string CancelFilter(string fleet, string device) => Filter(TopicKind.Cancel, fleet, device);

    /// <summary>A topic that names nothing but a device, or a server for <see cref="TopicKind.ServerState"/>.</summary>
    public static string Of(TopicKind kind, string fleet, string owner) => Build(kind, fleet, owner, "", "");

    /// <summary>The same topic of all devices or servers of a fleet.</summary>
    public static string FilterOf(TopicKind kind, string fleet) => Filter(kind, fleet, AnyLevel);

    /// <summary>A request to a pool of servers.</summary>
    public static string PoolInfer(string fleet, string pool, string model, string device) => Build(TopicKind.PoolInfer, fleet, pool, model, device);

    /// <summary>A pool's requests, shared: each goes to one of the subscribed servers.</summary>
    public static string PoolInferFilter(string fleet, string pool) =>
        $"$share/{pool}/{Filter(TopicKind.PoolInfer, fleet, pool)}";

    /// <summary>A request to one server.</summary>
    public static string ServerInfer(string fleet, string server, string model, string device) => Build(TopicKind.ServerInfer, fleet, server, model, device);

    /// <summary>All requests to one server: subscribed to by it.</summary>
    public static string ServerInferFilter(string fleet, string server) => Filter(TopicKind.ServerInfer, fleet, server);

    /// <summary>A device needs no answer of a server any more.</summary>
    public static string ServerCancel(string fleet, string server, string device) => Build(TopicKind.ServerCancel, fleet, server, "", device);

    /// <summary>All cancellations for a server: subscribed to by it.</summary>
    public static string ServerCancelFilter(string fleet, string server) => Filter(TopicKind.ServerCancel, fleet, server);

    /// <summary>A device asks the depots of a pool.</summary>
    public static string RepoGet(string fleet, string pool, string device) => Build(TopicKind.RepoGet, fleet, pool, "", device);

    /// <summary>A pool's questions, shared: each goes to one of the subscribed depots.</summary>
    public static string RepoGetFilter(string fleet, string pool) => $"$share/{pool}/{Filter(TopicKind.RepoGet, fleet, pool)}";

    /// <summary>A topic under which a client receives answers; <paramref name="rest"/> is one or more levels.</summary>
    public static string Client(string fleet, string client, string rest)
    {
        if (!IsPlain(Encoding.UTF8.GetBytes(rest))) throw new ArgumentException($"levels '{rest}' of a client's topic are empty or hold a wildcard or control character");
        return $"edge/v1/{TopicIdentifier.Require(fleet, "fleet")}/c/{TopicIdentifier.Require(client, "client")}/{rest}";
    }

    /// <summary>Everything that a client receives.</summary>
    public static string ClientFilter(string fleet, string client) =>
        $"edge/v1/{TopicIdentifier.Require(fleet, "fleet")}/c/{TopicIdentifier.Require(client, "client")}/#";

    private static string Filter(TopicKind kind, string fleet, string owner) => Build(kind, fleet, owner, AnyLevel, AnyLevel, isFilter: true);

    private static string Build(TopicKind kind, string fleet, string owner, string model, string sender, bool isFilter = false)
    {
        var topic = new StringBuilder("edge/v1/").Append(TopicIdentifier.Require(fleet, "fleet"));
        foreach (var level in Table[(int)kind])
        {
            topic.Append('/').Append(level.Part switch
            {
                Part.Literal => Encoding.UTF8.GetString(level.Literal),
                Part.Owner => RequireLevel(owner, "owner", kind, isFilter),
                Part.Model => RequireLevel(model, "model", kind, isFilter),
                Part.Sender => RequireLevel(sender, "sender", kind, isFilter),
                _ => throw new ArgumentException($"topic {kind} has levels of its own: use {nameof(Client)}"),
            });
        }

        return topic.ToString();
    }

    private static string RequireLevel(string name, string whatItIs, TopicKind kind, bool isFilter) =>
        isFilter && name == AnyLevel ? name : TopicIdentifier.Require(name, $"{whatItIs} of topic {kind}");
}
