using EdgeRuntime.Inference.Cache;
using EdgeRuntime.Inference.Specialisation;
using Xunit;

namespace EdgeRuntime.Inference.Tests.Specialisation;

public sealed class FormChoiceTests
{
    [Theory]
    [InlineData(1.00, 0.99, SessionForm.Specialised)] // as fast: the smaller file
    [InlineData(1.25, 1.01, SessionForm.Prepacked)]
    [InlineData(1.02, 1.30, SessionForm.Specialised)]
    [InlineData(1.30, 1.20, SessionForm.Plain)] // neither comes near private memory
    [InlineData(1.30, 1.06, SessionForm.Prepacked)] // near enough to be noise
    public void Choose_ByRatioToPlain(double specialised, double prepacked, SessionForm expected) =>
        Assert.Equal(expected, FormChoice.Choose([Form(SessionForm.Plain, 1, 300), Form(SessionForm.Specialised, specialised, 20), Form(SessionForm.Prepacked, prepacked, 20)]));

    [Fact]
    public void Choose_EquallyFast_TakesLessPrivateMemory() =>
        Assert.Equal(SessionForm.Prepacked, FormChoice.Choose([Form(SessionForm.Plain, 1, 300), Form(SessionForm.Specialised, 1, 200), Form(SessionForm.Prepacked, 1, 20)]));

    [Fact]
    public void Choose_NothingMapped_StaysPlain() => Assert.Equal(SessionForm.Plain, FormChoice.Choose([Form(SessionForm.Plain, 1, 300)]));

    [Fact]
    public void MedianRatio_NeighbourSlowsWholeRounds_DoesNotDecide() =>
        Assert.Equal(1.1, FormMeasurement.MedianRatio([11, 110, 11, 22, 11], [10, 100, 10, 20, 10]), 1e-12);

    private static FormRecord Form(SessionForm form, double ratio, long megabytes) => new(form, 10 * ratio, ratio, megabytes << 20, 5);
}
