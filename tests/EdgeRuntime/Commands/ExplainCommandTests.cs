using EdgeRuntime.Device.Configuration;
using EdgeRuntime.TestKit;
using Xunit;

namespace EdgeRuntime.Device.Tests.Commands;

/// <summary>A log of decisions as a device writes it, and what is made of it.</summary>
public sealed class ExplainCommandTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string Log => _folder["decisions.log"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Explain_DeviceWithALadderUnderLoad_EachRouteAndRungComesOutTheSame()
    {
        await using (var device = await new TestDevice { Offload = new OffloadSettings { Decisions = Log } }.With("m", TestLadder.SlowModel, TestLadder.With(TestLadder.FastModel)).StartAsync())
        {
            await device.WaitForModelAsync("m", "ready");
            for (int i = 0; i < 3; i++) await device.AskAsync("m", TestLadder.Request);
            for (int i = 0; i < 12; i++) device.Send("m", TestLadder.Request with { Client = $"c{i}" });
            await device.WaitForAsync(_ => device.Link.Sent.Count(sent => sent.Status is not null) >= 15);
        }
        var explained = (await Program.RunAsync("explain", Log)).Expect(0);
        Assert.Matches(@"(?m)^\S+ m: answered here; here it is worth", explained.Output);
        Assert.Matches(@"(?m)^\S+ m: ran as '(fp32|int8)' with \d+ ms left and \d+ promised behind it; 'fp32' .* ms, .*; 'int8' .* ms, ", explained.Output);
        Assert.Matches(@"(?m)^(\d+) decisions, \1 of them the same again$", explained.Output);
    }

    [Theory]
    [InlineData("", "the device cannot promise it in 400 ms")] // as logs of before 2026-11-30 have it
    [InlineData(""","barred":false""", "the device cannot promise it in 400 ms")]
    [InlineData(""","barred":true""", "the device itself is not asked")]
    public async Task Explain_DeviceDoesNotAnswer_SaysWhy(string barred, string told)
    {
        string line = """{"at":"2026-11-30T12:00:00+00:00","model":"m","left":0.4,"floor":0,"here":{"fits":false,"worth":0,"leastWorth":0BARRED},"server":{"name":"","allowed":false,"probe":false,"mayRisk":false,"quality":0,"mean":0,"deviation":0,"reserve":0},"route":"refuse","fallback":false,"worth":0}""";
        await File.WriteAllTextAsync(Log, line.Replace("BARRED", barred, StringComparison.Ordinal) + "\n", TestContext.Current.CancellationToken);
        Assert.Contains(told, (await Program.RunAsync("explain", Log)).Expect(0).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"chosen\":0", "\"chosen\":1", 1, "NOT THE SAME AGAIN: 'fp32'")]
    [InlineData("\"route\":\"local\"", "\"route\":\"refuse\"", 1, "NOT THE SAME AGAIN: ")]
    [InlineData("\"chosen\":0", "\"chosen\":9", 1, "line 2 is no decision: chosen 9 is not a place among 2 rungs")]
    public async Task Explain_LogWasChanged_IsFound(string from, string to, int exitCode, string told)
    {
        string[] lines =
        [
            """{"at":"2026-11-30T12:00:00+00:00","model":"m","left":0.4,"floor":0,"here":{"fits":true,"worth":0.62,"leastWorth":0.62},"server":{"name":"","allowed":false,"probe":false,"mayRisk":false,"quality":0,"mean":0,"deviation":0,"reserve":0},"route":"local","fallback":false,"worth":0.62}""",
            """{"at":"2026-11-30T12:00:00+00:00","model":"m","left":0.4,"floor":0,"cap":0,"coming":0,"pace":{"mean":1,"spread":0.01,"noise":0.0025},"rungs":[{"id":"fp32","quality":1,"seconds":0.04,"untried":false},{"id":"int8","quality":0.99,"seconds":0.02,"untried":false}],"waiting":[],"chosen":0}""",
        ];
        await File.WriteAllLinesAsync(Log, lines, TestContext.Current.CancellationToken);
        Assert.Contains("2 decisions, 2 of them the same again", (await Program.RunAsync("explain", Log)).Expect(0).Output, StringComparison.Ordinal);
        await File.WriteAllLinesAsync(Log, lines.Select(line => line.Replace(from, to, StringComparison.Ordinal)), TestContext.Current.CancellationToken);
        var explained = (await Program.RunAsync("explain", Log)).Expect(exitCode);
        Assert.Contains(told, explained.Output + explained.Error, StringComparison.Ordinal);
    }
}
