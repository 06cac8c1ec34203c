using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace EdgeRuntime.Serving.Configuration;

// The section http. Absent, HTTP is off.
internal static partial class ServingConfig
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
        if (!tls || files is not [{ } certificate, { } key, { } clientCa]) return null;
        var settings = new HttpTlsSettings { Certificate = certificate, Key = key, ClientCa = clientCa };
        Readable(section, settings);
        return settings;
    }

    private static void Readable(ConfigSection section, HttpTlsSettings tls)
    {
        Try("certificate", () => X509Certificate2.CreateFromPemFile(tls.Certificate, tls.Key).Dispose());
        Try("clientCa", () =>
        {
            var authorities = new X509Certificate2Collection();
            authorities.ImportFromPemFile(tls.ClientCa);
            if (authorities.Count == 0) section.Problem("clientCa", "holds no certificate");
        });

        void Try(string name, Action read)
        {
            try
            {
                if (File.Exists(tls.Certificate) && File.Exists(tls.Key) && File.Exists(tls.ClientCa)) read();
            }
            catch (Exception error) when (error is CryptographicException or IOException or UnauthorizedAccessException)
            {
                section.Problem(name, error.Message);
            }
        }
    }

    private static void Reachable(ConfigSection section, HttpSettings http)
    {
        if (!section.Flag("tls", false) && http.UnixSocket is null && !IPAddress.IsLoopback(http.Address))
            section.Problem("address", $"{http.Address} is reachable from other machines: that needs tls, certificate, key and clientCa");
        if (http.UnixSocket is not null && section.Flag("tls", false)) section.Problem("unixSocket", "is given together with tls");
    }
}
