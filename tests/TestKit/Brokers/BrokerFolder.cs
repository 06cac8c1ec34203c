using EdgeRuntime.TestKit.Processes;

namespace EdgeRuntime.TestKit.Brokers;

/// <summary>The files that a mosquitto starts from.</summary>
internal static class BrokerFolder
{
    internal const string Configuration = "mosquitto.conf";

    internal static async Task WriteAsync(BrokerOptions options, string folder, int port)
    {
        string At(string name) => Path.Combine(folder, name);
        if (options.Acl is { } acl) await File.WriteAllLinesAsync(At("acl"), acl);
        if (options.SubscribeOnly is { } filter) await File.WriteAllTextAsync(At("security.json"), SubscribeOnly(filter));
        if (options.Users is { } users)
        {
            await File.WriteAllLinesAsync(At("users"), users.Select(user => $"{user.Key}:{user.Value}"));
            (await ProcessRun.RunAsync("mosquitto_passwd", "-U", At("users"))).Expect();
        }
        await File.WriteAllLinesAsync(At(Configuration),
            [.. General(options, folder), $"listener {port} 127.0.0.1", .. Tls(options), .. UnixSocket(options, folder)]);
    }

    private static IEnumerable<string> General(BrokerOptions options, string folder)
    {
        // Started as root it would become another user, who cannot read this folder.
        if (Environment.UserName == "root") yield return "user root";
        yield return "log_dest stdout";
        yield return "log_type error";
        yield return "log_type warning";
        yield return "log_type notice";
        yield return "set_tcp_nodelay true";
        yield return "sys_interval 0";
        yield return $"allow_anonymous {(options.Users is null && !options.RequireClientCertificate ? "true" : "false")}";
        if (options.Users is not null) yield return $"password_file {folder}/users";
        if (options.Acl is not null) yield return $"acl_file {folder}/acl";
        foreach (var line in options.SubscribeOnly is null ? [] : SecurityPlugin(folder)) yield return line;
        if (options.MaxPacketSize is { } bytes) yield return $"max_packet_size {bytes}";
        foreach (var line in options.Persistence ? Persistence(folder) : []) yield return line;
        foreach (var line in options.Extra) yield return line;
    }

    // Without saving on changes a killed broker forgets its sessions.
    private static string[] Persistence(string folder) =>
        ["persistence true", $"persistence_location {folder}/", "autosave_on_changes true", "autosave_interval 1"];

    private static string[] SecurityPlugin(string folder) =>
        [$"plugin {Directory.EnumerateFiles("/usr/lib", "mosquitto_dynamic_security.so", SearchOption.AllDirectories).First()}",
            $"plugin_opt_config_file {folder}/security.json"];

    private static string SubscribeOnly(string filter) => $$"""
        {
          "defaultACLAccess": {"publishClientSend": true, "publishClientReceive": true, "subscribe": false, "unsubscribe": true},
          "roles": [{"rolename": "some", "acls": [{"acltype": "subscribePattern", "topic": "{{filter}}", "allow": true}]}],
          "groups": [{"groupname": "all", "roles": [{"rolename": "some"}]}],
          "anonymousGroup": "all",
          "clients": []
        }
        """;

    private static IEnumerable<string> Tls(BrokerOptions options)
    {
        if (options.Certificates is not { } certificates) yield break;
        yield return $"cafile {certificates.CaFile}";
        yield return $"certfile {certificates.CertificateFile(options.ServerCertificate)}";
        yield return $"keyfile {certificates.KeyFile(options.ServerCertificate)}";
        if (!options.RequireClientCertificate) yield break;
        yield return "require_certificate true";
        yield return "use_identity_as_username true";
    }

    private static string[] UnixSocket(BrokerOptions options, string folder) => options.UnixSocket ? [$"listener 0 {folder}/broker.sock"] : [];
}
