using EdgeRuntime.Messaging.OpenInference;
using EdgeRuntime.TestKit.Models;
using Xunit;

namespace EdgeRuntime.Serving.Tests.Lanes;

public sealed class ModelRunnerTests
{
    // 10^12 elements of eight bytes: no machine has them, and none is asked to hold them.
    private const int Huge = 1_000_000;

    [Fact]
    public void Run_AfterOneThatLackedMemory_DoesNotSayThatItDidToo()
    {
        using var model = new TestModel(TestModels.Stubborn());
        Assert.Equal(InferenceStatus.Internal, model.Run(Shape(Huge)).Status);
        Assert.True(model.LackedMemory);
        Assert.Equal(InferenceStatus.Ok, model.Run(Shape(2)).Status);
        Assert.False(model.LackedMemory);
    }

    private static string Shape(int size) => $$"""{"inputs":[{"name":"shape","shape":[2],"datatype":"INT64","data":[{{size}},{{size}}]}]}""";
}
