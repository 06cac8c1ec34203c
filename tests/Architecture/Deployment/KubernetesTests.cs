using System.Text.Json;
using System.Text.RegularExpressions;
using EdgeRuntime.TestKit.Processes;
using Xunit;

namespace EdgeRuntime.Architecture.Tests.Deployment;

/// <summary>What can be said of deploy/kubernetes where no cluster runs: whatever one document says of another, or of the broker, is so.</summary>
public sealed partial class KubernetesTests
{
    private static string Comments => string.Join('\n', RepositoryFiles.Find("*.yaml", Manifests.Folder).SelectMany(file => file.Lines).Where(line => line.TrimStart().StartsWith('#')));

    [Fact]
    public async Task Documents_AreWellFormed_AndAllAreListed()
    {
        var manifests = await Manifests.ReadAsync();
        var listed = Manifests.All(Assert.Single(manifests.Of("Kustomization")), "resources").Single().EnumerateArray().Select(resource => resource.GetString());
        Assert.Equal(Manifests.Files.Where(name => name != "kustomization.yaml").Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
        Assert.Distinct(manifests.Documents.Select(document => $"{Manifests.At(document, "kind")}/{Manifests.At(document, "metadata.name")}"));
        var space = Manifests.At(Assert.Single(manifests.Of("Namespace")), "metadata.name");
        Assert.All(manifests.Documents.Where(document => Manifests.At(document, "kind") is not ("Namespace" or "Kustomization")), document => Assert.Equal(space, Manifests.At(document, "metadata.namespace")));
        Assert.All(manifests.Documents, document => Assert.Matches(ApiVersion(), Manifests.At(document, "apiVersion")));
    }

    [Theory]
    [InlineData("Deployment", "triton")]
    [InlineData("StatefulSet", "edge-offload")]
    public async Task Workload_ItsLabelsPortsAndVolumes_AreThoseItsPodsHave(string kind, string name)
    {
        var manifests = await Manifests.ReadAsync();
        var workload = manifests.Get(kind, name);
        var labels = Manifests.At(workload, "spec.template.metadata.labels");
        Assert.Equal(labels, Manifests.At(workload, "spec.selector.matchLabels"));
        Assert.Equal(labels, Manifests.At(manifests.Get("Service", name), "spec.selector"));
        foreach (var selecting in new[] { "PodDisruptionBudget", "NetworkPolicy" })
            Assert.Contains(labels, Manifests.All(manifests.Get(selecting, name), "matchLabels").Select(each => each.ToString()));
        var scaled = manifests.Get("HorizontalPodAutoscaler", name);
        Assert.Equal((kind, name), (Manifests.At(scaled, "spec.scaleTargetRef.kind"), Manifests.At(scaled, "spec.scaleTargetRef.name")));

        var pod = Manifests.Find(workload, "spec.template.spec")!.Value;
        var volumes = Names(pod.GetProperty("volumes"));
        var mounted = Manifests.All(pod, "volumeMounts").SelectMany(Names).ToList();
        Assert.Equal(volumes.Order(StringComparer.Ordinal), mounted.Distinct().Order(StringComparer.Ordinal));
        var ports = Manifests.All(pod, "ports").SelectMany(Names).ToHashSet();
        Assert.All(Manifests.All(pod, "httpGet"), probe => Assert.Contains(Manifests.At(probe, "port"), ports));
        Assert.All(Manifests.All(manifests.Get("Service", name), "targetPort"), port => Assert.Contains(port.GetString()!, ports));
        Assert.All(Manifests.All(pod, "securityContext").Skip(1), context => Assert.Equal("False", Manifests.At(context, "allowPrivilegeEscalation")));
        Assert.Equal("True", Manifests.At(pod, "securityContext.runAsNonRoot"));
    }

    [Fact]
    public async Task References_AreToWhatIsThere_OrToWhatTheCommentsHaveOneMake()
    {
        var manifests = await Manifests.ReadAsync();
        var claims = manifests.Documents.SelectMany(document => Manifests.All(document, "claimName")).Select(claim => claim.GetString()!);
        Assert.All(claims, claim => manifests.Get("PersistentVolumeClaim", claim));
        var secrets = manifests.Documents.SelectMany(document => Manifests.All(document, "secretName")).Select(secret => secret.GetString()!).ToList();
        Assert.NotEmpty(secrets);
        Assert.All(secrets, secret => Assert.Contains($"create secret generic {secret} ", Comments, StringComparison.Ordinal));
        var maps = manifests.Documents.SelectMany(document => Manifests.All(document, "configMap")).Select(map => Manifests.At(map, "name")).ToList();
        Assert.All(maps, map => Assert.True(manifests.Of("ConfigMap").Any(known => Manifests.At(known, "metadata.name") == map) || Comments.Contains($"create configmap {map} ", StringComparison.Ordinal), map));
        Assert.Equal(2, maps.Count);
    }

    [Theory]
    [InlineData("triton", "/v2/health/live", "/v2/health/ready")]
    public async Task Probes_OfTheCluster_AreTheProtocolsPaths(string name, string live, string ready)
    {
        var container = Assert.Single(Manifests.Find((await Manifests.ReadAsync()).Get("Deployment", name), "spec.template.spec.containers")!.Value.EnumerateArray());
        Assert.Equal(ready, Manifests.At(container, "readinessProbe.httpGet.path"));
        Assert.Equal([live, live], new[] { "livenessProbe", "startupProbe" }.Select(probe => Manifests.At(container, probe + ".httpGet.path")));
    }

    [Fact]
    public async Task Configuration_SpeaksOfWhatThePodHas()
    {
        var manifests = await Manifests.ReadAsync();
        using var configuration = JsonDocument.Parse(Manifests.Find(manifests.Get("ConfigMap", "edge-offload"), "data")!.Value.GetProperty("edge-offload.json").GetString()!);
        var json = configuration.RootElement;
        Assert.Equal(["broker", "executor", "fleet", "http", "limits", "log", "models", "pool", "root", "server", "trust"], json.EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal));

        var set = manifests.Get("StatefulSet", "edge-offload");
        var mounts = Manifests.All(Manifests.Find(set, "spec.template.spec.containers")!.Value, "mountPath").Select(path => path.GetString()!).ToList();
        string[] paths = [Manifests.At(json, "root"), Manifests.At(json, "broker.ca"), Manifests.At(json, "broker.certificate"), Manifests.At(json, "broker.key"), .. Strings(Manifests.All(json, "keys").Single())];
        Assert.All(paths, path => Assert.Contains(mounts, mount => path == mount || path.StartsWith(mount + "/", StringComparison.Ordinal)));
        var script = Strings(Manifests.All(Manifests.Find(set, "spec.template.spec.initContainers")!.Value, "args").Single()).Single();
        Assert.All(paths[1..4], path => Assert.Contains($" {path}\n", script + "\n", StringComparison.Ordinal));
        Assert.Contains($"s/{Manifests.At(json, "server")}/$SERVER/", script, StringComparison.Ordinal);
        Assert.Contains(">/run/edge-offload/edge-offload.json", script, StringComparison.Ordinal);
        Assert.Contains("/run/edge-offload/edge-offload.json", Strings(Manifests.All(Manifests.Find(set, "spec.template.spec.containers")!.Value, "args").Single()));

        var url = new Uri(Manifests.At(json, "executor.url"));
        Assert.Equal("cluster", Manifests.At(json, "executor.kind"));
        var service = Manifests.All(manifests.Get("Service", url.Host), "ports").Single().EnumerateArray().Single(port => port.GetProperty("port").GetInt32() == url.Port);
        Assert.Equal(Manifests.At(json, "executor.protocol"), service.GetProperty("name").GetString());
        Assert.True(json.GetProperty("limits").GetProperty("drainMs").GetInt32() < 1000 * Manifests.Find(set, "spec.template.spec.terminationGracePeriodSeconds")!.Value.GetInt32());
        Assert.All(Manifests.All(set, "command").SelectMany(Strings).Where(word => word.Contains("/dev/tcp/", StringComparison.Ordinal)),
            probe => Assert.Contains($"/dev/tcp/{Manifests.At(json, "http.address")}/{Manifests.At(json, "http.port")};", probe, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Configuration_FitsTheBrokerOfDeploy()
    {
        var manifests = await Manifests.ReadAsync();
        using var configuration = JsonDocument.Parse(Manifests.Find(manifests.Get("ConfigMap", "edge-offload"), "data")!.Value.GetProperty("edge-offload.json").GetString()!);
        var broker = RepositoryFiles.Read("deploy/mosquitto/edge.conf").Text;
        var packet = int.Parse(PacketSize().Match(broker).Groups[1].Value, null);
        Assert.InRange(configuration.RootElement.GetProperty("limits").GetProperty("payloadBytes").GetInt32(), 1, packet - 4096);
        // Devices are at 8883, clients at the next one, servers at the one after that.
        Assert.Contains("servers N+2", RepositoryFiles.Read("deploy/mosquitto/install.sh").Text, StringComparison.Ordinal);
        var port = 8883 + 2;
        Assert.Equal(port, configuration.RootElement.GetProperty("broker").GetProperty("port").GetInt32());
        var egress = Manifests.Find(manifests.Get("NetworkPolicy", "edge-offload"), "spec.egress")!.Value;
        Assert.Contains(port, Manifests.All(egress, "port").Select(each => each.GetInt32()));
        Assert.Contains(new Uri(Manifests.At(configuration.RootElement, "executor.url")).Port, Manifests.All(egress, "port").Select(each => each.GetInt32()));
    }

    [Fact]
    public async Task Image_OfTheServers_IsWhatItsDockerfileMakes()
    {
        var docker = new Dockerfile(RepositoryFiles.Read("deploy/docker/Dockerfile.offload.x64"));
        var set = (await Manifests.ReadAsync()).Get("StatefulSet", "edge-offload");
        var version = Version().Match(RepositoryFiles.Read("Directory.Build.props").Text).Groups[1].Value;
        Assert.All(Manifests.All(set, "image"), image => Assert.EndsWith($"/edge-offload:{version}", image.GetString(), StringComparison.Ordinal));
        var container = Manifests.Find(set, "spec.template.spec.containers")!.Value.EnumerateArray().Single();
        Assert.Equal([JsonSerializer.Serialize(Strings(container.GetProperty("command")))], docker.Of("ENTRYPOINT"));
        Assert.Equal(["run", "--config"], Strings(container.GetProperty("args")).Take(2));
        // A volume that a container is not given is made on the node, and would outlive the pod.
        Assert.All(docker.Of("VOLUME"), volume => Assert.Contains(volume, Manifests.All(container, "mountPath").Select(path => path.GetString())));
    }

    [Fact]
    public async Task Scripts_OfProbesAndInit_AreSoundShell()
    {
        var set = (await Manifests.ReadAsync()).Get("StatefulSet", "edge-offload");
        var scripts = Manifests.All(set, "command").Select(command => Strings(command).ToList()).Where(words => words.Contains("-c")).Select(words => words[^1])
            .Append(Strings(Manifests.All(Manifests.Find(set, "spec.template.spec.initContainers")!.Value, "args").Single()).Single()).ToList();
        Assert.Equal(3, scripts.Count);
        foreach (var script in scripts) (await ProcessRun.RunAsync("bash", "-n", "-c", script)).Expect();
    }

    private static IEnumerable<string> Names(JsonElement list) => list.EnumerateArray().Where(each => each.TryGetProperty("name", out _)).Select(each => each.GetProperty("name").GetString()!);

    private static IEnumerable<string> Strings(JsonElement list) => list.EnumerateArray().Select(each => each.GetString()!);

    [GeneratedRegex(@"^([a-z0-9.]+/)?v[0-9][a-z0-9]*$")]
    private static partial Regex ApiVersion();

    [GeneratedRegex("<Version>(.+)</Version>")]
    private static partial Regex Version();

    [GeneratedRegex(@"^max_packet_size ([0-9]+)$", RegexOptions.Multiline)]
    private static partial Regex PacketSize();
}
