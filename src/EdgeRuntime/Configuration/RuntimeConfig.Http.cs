using System.Net;

namespace EdgeRuntime.Device.Configuration;

// The section http. Absent, HTTP is off.
internal static partial class RuntimeConfig
{
    private static HttpSettings? Http(ConfigSection? section, string folder)
    {
        if (section is null) return null;
        var defaults = new HttpSettings();
        var socket = PathIn(section, "unixSocket", folder);
        var settings = new HttpSettings
        {
            Address = Address(section) ?? defaults.Address,
            Port = (int)section.Whole("port", defaults.Port, 1, 65535),
            UnixSocket = socket,
            Tls = HttpTls(section, folder),
            Connections = (int)section.Whole("connections", defaults.Connections, 2, 4096),
            Deadline = TimeSpan.FromMilliseconds(section.Whole("deadlineMs", (long)defaults.Deadline.TotalMilliseconds, 1, 86_400_000)),
        };
        Reachable(section, settings);
        section.Close();
        return settings;
    }

    private static IPAddress? Address(ConfigSection section)
    {
        if (section.Text("address") is not { } text) return null;
        if (IPAddress.TryParse(text, out var address)) return address;
        section.Problem("address", "is not an IP address");
        return null;
    }

    // All three or none: a security option that is half set is a mistake that would be noticed too late.
    private static HttpTlsSettings? HttpTls(ConfigSection section, string folder)
    {
        string[] names = ["certificate", "key", "clientCa"];
        var files = names.Select(name => FileIn(section, name, folder)).ToArray();
        bool tls = section.Flag("tls", false);
        for (int i = 0; i < names.Length; i++)
        {
            if (tls && files[i] is null) section.Problem(names[i], "is missing: with tls, both ends show a certificate");
            if (!tls && files[i] is not null) section.Problem("tls", $"is false, yet {names[i]} is given");
        }
        return tls ? new HttpTlsSettings { Certificate = files[0] ?? "", Key = files[1] ?? "", ClientCa = files[2] ?? "" } : null;
    }

    private static void Reachable(ConfigSection section, HttpSettings http)
    {
        if (http.Tls is null && http.UnixSocket is null && !IPAddress.IsLoopback(http.Address))
            section.Problem("address", $"{http.Address} is reachable from other machines: that needs tls, certificate, key and clientCa");
        if (http.UnixSocket is not null && http.Tls is not null) section.Problem("unixSocket", "is given together with tls");
    }
}
