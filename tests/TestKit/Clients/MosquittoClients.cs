using System.Globalization;
using EdgeRuntime.TestKit.Processes;

namespace EdgeRuntime.TestKit.Clients;

/// <summary>
/// The clients of Debian's mosquitto-clients. mosquitto_rr 2.0.11 publishes an empty message for -f and -s, and -m cannot carry a zero
/// byte: it sends JSON here, and mosquitto_pub with mosquitto_sub sends files.
/// </summary>
public static class MosquittoClients
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    /// <summary>mosquitto_rr with the content of a JSON file as its message.</summary>
    public static async Task<ClientAnswer> RequestResponseAsync(InferenceCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        var message = await File.ReadAllTextAsync(call.File);
        string[] arguments =
        [
            .. Connection(call, call.Client), "-t", call.RequestTopic, "-e", call.AnswerTopic, "-W", Seconds(call),
            "-m", message, "-F", "%J", .. Properties(call, responseTopic: false),
        ];
        return ClientAnswer.OfMosquitto(await ProcessRun.RunAsync("mosquitto_rr", arguments, call.Deadline + Grace));
    }

    /// <summary>mosquitto_pub with any file, answered to a mosquitto_sub that listens first.</summary>
    public static async Task<ClientAnswer> PublishSubscribeAsync(InferenceCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        // -E of mosquitto_sub ends after SUBACK: a persistent session made so keeps the answer until it is fetched.
        string[] session = [.. Connection(call, call.Client + "-answers"), "-t", call.AnswerTopic, "-c", "-x", "60"];
        (await ProcessRun.RunAsync("mosquitto_sub", [.. session, "-E"], Grace)).Expect();
        (await ProcessRun.RunAsync("mosquitto_pub",
            [.. Connection(call, call.Client), "-t", call.RequestTopic, "-f", call.File, .. Properties(call, responseTopic: true)], Grace)).Expect();
        return ClientAnswer.OfMosquitto(await ProcessRun.RunAsync(
            "mosquitto_sub", [.. session, "-C", "1", "-W", Seconds(call), "-F", "%J"], call.Deadline + Grace));
    }

    private static string[] Connection(InferenceCall call, string clientId) =>
        ["-h", call.Host, "-p", call.Port.ToString(CultureInfo.InvariantCulture), "-V", "5", "-q", "1", "-i", clientId];

    private static string Seconds(InferenceCall call) => ((int)call.Deadline.TotalSeconds).ToString(CultureInfo.InvariantCulture);

    private static IEnumerable<string> Properties(InferenceCall call, bool responseTopic)
    {
        List<string[]> properties =
        [
            ["content-type", call.ContentType], ["message-expiry-interval", Seconds(call)], ["correlation-data", Guid.NewGuid().ToString("N")],
            ["user-property", "deadline-ms", ((int)call.Deadline.TotalMilliseconds).ToString(CultureInfo.InvariantCulture)],
        ];
        if (responseTopic) properties.Add(["response-topic", call.AnswerTopic]);
        if (call.HeaderLength is { } length)
            properties.Add(["user-property", "inference-header-content-length", length.ToString(CultureInfo.InvariantCulture)]);
        return properties.SelectMany(property => property.Prepend("PUBLISH").Prepend("-D"));
    }
}
