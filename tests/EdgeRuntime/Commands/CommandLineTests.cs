using Xunit;

namespace EdgeRuntime.Device.Tests.Commands;

public sealed class CommandLineTests
{
    [Fact]
    public async Task Help_IsAsked_NamesTheVerbs()
    {
        var help = (await Program.RunAsync("--help")).Expect(0);
        foreach (var verb in (string[])["run", "check", "infer"]) Assert.Matches($@"(?m)^\s+{verb}\s", help.Output);
    }

    [Fact]
    public async Task Version_IsAsked_IsPrinted() => Assert.Matches(@"^\d+\.\d+\.\d+", (await Program.RunAsync("--version")).Expect(0).Output);

    [Theory]
    [InlineData("serve", "serve")]
    [InlineData("infer", "Required argument missing")]
    [InlineData("run", "--config")]
    [InlineData("run --config", "--config")]
    [InlineData("infer a.bundle a.npz --threads many", "many")]
    [InlineData("infer a.bundle a.npz --colour red", "--colour")]
    public async Task Run_WrongUsage_IsExitCode2AndNamesIt(string arguments, string named)
    {
        var result = (await Program.RunAsync(arguments.Split(' '))).Expect(2);
        Assert.Contains(named, result.Error, StringComparison.Ordinal);
        Assert.Contains("Try 'edge-runtime --help'.", result.Error, StringComparison.Ordinal);
        Assert.Empty(result.Output);
    }

    [Fact]
    public async Task Run_NoConfigurationFile_IsExitCode1AndNamesIt() =>
        Assert.Contains("nowhere.json", (await Program.RunAsync("run", "--config", "nowhere.json")).Expect(1).Error, StringComparison.Ordinal);
}
