using System.Net.Http.Headers;
using System.Text;
using EdgeRuntime.TestKit.Links;
using Xunit;

namespace EdgeRuntime.Serving.Tests.Metrics;

/// <summary>Keeps account of what was asked of a device, by either way, and of what was answered.</summary>
internal sealed class AskedRequests(TestDevice device, string address) : IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = new Uri(address), Timeout = TimeSpan.FromSeconds(30) };
    private readonly InMemoryLink _link = device.Link;
    private readonly List<(string Status, string Reason)> _overHttp = [];
    private int _sent;

    /// <summary>Sends a request over MQTT.</summary>
    /// <returns>Its correlation data.</returns>
    public byte[] Send(string model, TestRequest request)
    {
        _sent++;
        return device.Send(model, request);
    }

    public void Cancel(byte[] correlation) => device.Cancel(correlation);

    /// <summary>Waits until all that were sent have an answer.</summary>
    public Task AllAsync() => device.WaitForAsync(sent => sent.Status is not null && Answers.Count >= _sent);

    public async Task PostAsync(string model, string json, Action<HttpRequestHeaders>? edit = null)
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, $"/v2/models/{model}/infer") { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        message.Content.Headers.ContentType!.CharSet = null;
        edit?.Invoke(message.Headers);
        using var response = await _http.SendAsync(message, TestContext.Current.CancellationToken);
        lock (_overHttp) _overHttp.Add((response.Headers.GetValues("status").Single(), response.Headers.TryGetValues("reason", out var reason) ? reason.Single() : "none"));
    }

    /// <summary>Compares answers with the counters: as many of each ending.</summary>
    public void ShouldBeWhatWasCounted(IReadOnlyList<Family> exported, string[] atLeast)
    {
        var told = Answers.Select(answer => (Status: answer.Status!, Reason: answer.Reason ?? "none")).Concat(_overHttp).ToList();
        var requests = exported.Single(family => family.Name == "edge_runtime_requests_total").Samples;
        Assert.Equal(_sent, Answers.Count);
        Assert.Equal(told.Count, requests.Sum(sample => sample.Value));
        Assert.Equal(
            told.GroupBy(answer => answer).Select(group => (group.Key.Status, group.Key.Reason, (double)group.Count())).Order(),
            requests.GroupBy(sample => (Status: sample.Labels["outcome"], Reason: sample.Labels["reason"])).Select(group => (group.Key.Status, group.Key.Reason, group.Sum(sample => sample.Value)))
                .Where(counted => counted.Item3 > 0).Order());
        var seen = told.CountBy(answer => answer.Reason).Select(reason => $"{reason.Key} {reason.Value}").Order();
        Assert.True(!atLeast.Except(told.Select(answer => answer.Reason)).Any(), $"not all endings of {string.Join(", ", atLeast)} came about, only {string.Join(", ", seen)}");
    }

    public void Dispose() => _http.Dispose();

    private List<SentMessage> Answers => [.. _link.Sent.Where(sent => sent.Status is not null)];
}
