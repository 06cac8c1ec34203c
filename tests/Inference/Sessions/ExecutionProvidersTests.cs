using EdgeRuntime.Inference.Sessions;
using Xunit;

namespace EdgeRuntime.Inference.Tests.Sessions;

public sealed class ExecutionProvidersTests
{
    private static readonly string[] CpuOnly = ["CPUExecutionProvider"], WithCuda = ["CUDAExecutionProvider", "CPUExecutionProvider"];

    [Fact]
    public void Choose_FirstIsThere_TakesItWithoutReason() =>
        Assert.Equal(new ExecutionProviders.Choice("cuda", null), Choose(["cuda", "cpu"], false, WithCuda));

    [Fact]
    public void Choose_FirstIsMissing_TakesTheNextAndSaysWhy() =>
        Assert.Equal(new ExecutionProviders.Choice("cuda", "execution provider 'tensorrt' is not in this build"), Choose(["tensorrt", "cuda", "cpu"], false, WithCuda));

    [Fact]
    public void Choose_CpuWouldStandInUnasked_IsRefused()
    {
        var error = Assert.Throws<InferenceException>(() => Choose(["tensorrt", "cuda", "cpu"], false, CpuOnly));
        Assert.Equal(InferenceError.ProviderUnavailable, error.Error);
        Assert.Equal("execution provider 'tensorrt', 'cuda' is not in this build, which has CPUExecutionProvider; falling back to the CPU is not allowed", error.Message);
    }

    [Theory]
    [InlineData("cuda,cpu")]
    [InlineData("cuda")]
    public void Choose_FallbackAllowed_TakesCpuAndSaysWhy(string wanted) =>
        Assert.Equal(new ExecutionProviders.Choice("cpu", "execution provider 'cuda' is not in this build"), Choose(wanted.Split(','), true, CpuOnly));

    [Fact]
    public void Choose_CpuWantedFirst_IsNoFallback() => Assert.Equal(new ExecutionProviders.Choice("cpu", null), Choose(["cpu"], false, CpuOnly));

    [Fact]
    public void Choose_UnknownName_IsRefused() =>
        Assert.Contains("'npu' is none of cpu, cuda", Assert.Throws<InferenceException>(() => Choose(["npu"], true, CpuOnly)).Message, StringComparison.Ordinal);

    private static ExecutionProviders.Choice Choose(string[] wanted, bool allowFallback, string[] available) =>
        ExecutionProviders.Choose(new ExecutionOptions { Providers = wanted, AllowCpuFallback = allowFallback }, available);
}
