namespace EdgeRuntime.Serving.Configuration;

// The section broker.
internal static partial class ServingConfig
{
    private static BrokerSettings Broker(ConfigSection section, string folder)
    {
        var tls = section.Flag("tls", false);
        var settings = new BrokerSettings
        {
            Host = section.Text("host") ?? "localhost",
            Port = (int)section.Whole("port", tls ? 8883 : 1883, 1, 65535),
            UnixSocket = PathIn(section, "unixSocket", folder),
            User = section.Text("user"),
            Password = Password(section, folder),
            Tls = tls,
            Ca = FileIn(section, "ca", folder),
            Certificate = FileIn(section, "certificate", folder),
            Key = FileIn(section, "key", folder),
        };
        Complete(section, settings);
        section.Close();
        return settings;
    }

    // A security option that is half set is a mistake that would be noticed too late.
    private static void Complete(ConfigSection section, BrokerSettings broker)
    {
        if (broker.Tls && broker.Ca is null) section.Problem("ca", "is missing: with tls, the broker's certificate is always verified");
        if (!broker.Tls && (broker.Ca ?? broker.Certificate ?? broker.Key) is not null) section.Problem("tls", "is false, yet certificates are given");
        if (broker.Certificate is null != broker.Key is null) section.Problem(broker.Key is null ? "key" : "certificate", "is missing: a certificate and its key belong together");
        if (broker.Password is not null && broker.User is null) section.Problem("user", "is missing: a password belongs to a user");
        if (broker.UnixSocket is not null && broker.Tls) section.Problem("unixSocket", "is given together with tls");
    }

    private static string? Password(ConfigSection section, string folder)
    {
        if (FileIn(section, "passwordFile", folder) is not { } path) return null;
        try
        {
            return File.ReadAllText(path).TrimEnd('\r', '\n');
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            section.Problem("passwordFile", error.Message);
            return null;
        }
    }
}
