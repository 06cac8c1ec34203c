using EdgeRuntime.Offload.Cluster;
using EdgeRuntime.Serving.Configuration;

namespace EdgeRuntime.Offload.Configuration;

/// <summary>Reads the section executor of edge-offload.json, and what each model says of it.</summary>
internal static class ExecutorConfig
{
    private const string Local = "local", Remote = "cluster";

    /// <summary>The cluster; null where models are computed here. What is wrong with it is noted.</summary>
    public static ClusterSettings? Read(ConfigSection? section, string folder)
    {
        if (section is null) return null;
        bool isCluster = section.OneOf("kind", Local, Local, Remote) == Remote;
        var url = Url(section, isCluster);
        var settings = new ClusterSettings { Options = Options(section, url, folder), InFlight = (int)section.Whole("inFlight", new ClusterSettings { Options = Nowhere }.InFlight, 1, 4096) };
        section.Close();
        if (!isCluster)
        {
            foreach (var name in OfClusters.Where(section.Has)) section.Problem(name, "is given, yet kind is not cluster");
            return null;
        }
        if (url is not null) Examine(section, settings.Options);
        return settings;
    }

    /// <summary>A model of this server with what the cluster knows it by.</summary>
    /// <param name="section">The model's.</param>
    /// <param name="model">As it is read so far.</param>
    /// <param name="isCluster">Whether there is a cluster.</param>
    public static ModelSettings OfModel(ConfigSection section, ModelSettings model, bool isCluster)
    {
        var there = section.Section("cluster");
        var remote = new RemoteModel
        {
            Name = there?.Text("name") ?? model.Name,
            Version = there?.Text("version") ?? "",
            Quality = there?.Number("quality", 1, 0, 2) ?? 1,
            IsAlone = model.Source is null,
        };
        there?.Close();
        if (there is not null && !isCluster) section.Problem("cluster", "is given, yet the executor is not of kind cluster");
        else if (there is not null && ClusterModel.Problem(remote.Name, remote.Version) is { } problem) there.Problem("name", problem);
        return isCluster ? model with { Elsewhere = remote } : model;
    }

    private static readonly string[] OfClusters = ["url", "protocol", "encoding", "ca", "certificate", "key", "connections", "inFlight"];
    private static readonly ClusterOptions Nowhere = new() { Url = new Uri("http://localhost") };

    private static Uri? Url(ConfigSection section, bool isCluster)
    {
        var text = isCluster ? section.RequiredText("url") : section.Text("url");
        if (string.IsNullOrEmpty(text)) return null;
        if (Uri.TryCreate(text, UriKind.Absolute, out var url)) return url;
        section.Problem("url", $"'{Bundles.Identifier.Quote(text)}' is neither http://HOST:PORT nor https://HOST:PORT");
        return null;
    }

    private static ClusterOptions Options(ConfigSection section, Uri? url, string folder) => Nowhere with
    {
        Url = url ?? Nowhere.Url,
        Protocol = Enum.Parse<ClusterProtocol>(section.OneOf("protocol", "http", "http", "grpc"), ignoreCase: true),
        Encoding = Enum.Parse<ClusterEncoding>(section.OneOf("encoding", "auto", "auto", "binary", "json"), ignoreCase: true),
        Ca = ServingConfig.FileIn(section, "ca", folder),
        Certificate = ServingConfig.FileIn(section, "certificate", folder),
        Key = ServingConfig.FileIn(section, "key", folder),
        Connections = (int)section.Whole("connections", Nowhere.Connections, 1, 1024),
    };

    // Certificates are read here, so that what is wrong with them is told with all the rest.
    private static void Examine(ConfigSection section, ClusterOptions options)
    {
        var problems = options.Problems().ToList();
        foreach (var (member, problem) in problems) section.Problem(member, problem);
        if (problems.Count > 0 || !new[] { options.Ca, options.Certificate, options.Key }.OfType<string>().All(File.Exists)) return;
        try
        {
            ClusterClients.Open(options, TimeProvider.System).Dispose();
        }
        catch (ClusterException error)
        {
            section.Problem(options.Certificate is null ? "ca" : "certificate", error.Message);
        }
    }
}
