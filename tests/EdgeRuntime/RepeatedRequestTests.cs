using EdgeRuntime.TestKit.Links;
using EdgeRuntime.TestKit.Models;
using Xunit;

namespace EdgeRuntime.Device.Tests;

/// <summary>A request that its client or a broker sends again.</summary>
public sealed class RepeatedRequestTests
{
    private static readonly TestRequest Request = TestRequest.Floats("x", [1, 2], 0.5f, -1) with { Correlation = [7, 7, 7] };

    [Fact]
    public async Task Send_Twice_IsRunOnceAndAnsweredTwice()
    {
        await using var device = await StartAsync();
        var first = await device.AskAsync("echo", Request);
        device.Send("echo", Request);
        var answers = await AnswersAsync(device, 2);
        Assert.Equal("OK", first.Status);
        Assert.Equal(first.Payload, answers[1].Payload);
        Assert.Equal(first.Properties, answers[1].Properties); // the times too: it was not run again
        Assert.Equal(1, device.Metrics.Repeated!());
    }

    [Fact]
    public async Task Send_AnotherPayloadOrWishUnderTheSameName_IsRunToo()
    {
        await using var device = await StartAsync();
        device.Send("echo", Request);
        device.Send("echo", TestRequest.Floats("x", [1, 2], 3, 4) with { Correlation = Request.Correlation });
        device.Send("echo", Request with { Properties = [("accept", "application/octet-stream")] });
        var answers = await AnswersAsync(device, 3);
        Assert.Equal(3, answers.Select(answer => Convert.ToHexString(answer.Payload)).Distinct().Count());
    }

    [Fact]
    public async Task Send_AgainAfterARefusal_IsTriedAgain()
    {
        await using var device = await StartAsync();
        Assert.Equal("DEADLINE_EXCEEDED", (await device.AskAsync("echo", Request with { Properties = [("deadline-ms", "0")] })).Status);
        device.Send("echo", Request with { Properties = [("deadline-ms", "20000")] });
        Assert.Equal("OK", (await AnswersAsync(device, 2))[1].Status);
    }

    private static Task<TestDevice> StartAsync() => new TestDevice().With("echo", TestModels.Identity()).StartAsync();

    private static async Task<List<SentMessage>> AnswersAsync(TestDevice device, int count)
    {
        await device.WaitForAsync(_ => Answers(device).Count == count);
        return Answers(device);
    }

    private static List<SentMessage> Answers(TestDevice device) => [.. device.Link.Sent.Where(sent => sent.CorrelationData.AsSpan().SequenceEqual(Request.Correlation))];
}
