using System.Text;
using EdgeRuntime.Bundles;
using EdgeRuntime.Messaging.OpenInference;
using EdgeRuntime.TestKit.Models;
using Xunit;

namespace EdgeRuntime.Serving.Tests.Lanes;

public sealed class TopKAnswerTests
{
    private const string TwoRows = """{"inputs":[{"name":"x","shape":[2,3],"datatype":"FP32","data":[1,3,2, 5,4,5]}]}""";
    private static readonly PostprocessStep TopTwo = new() { Kind = PostprocessStep.TopK, Output = "y", K = 2 };

    [Fact]
    public void Run_WithLabels_BestFirstAndOfEqualOnesTheFirstClass()
    {
        using var model = Classifier(TopTwo with { Labels = "labels.txt" });
        Assert.Equal(InferenceStatus.Ok, model.Run(TwoRows).Status);
        Assert.Equal("""
            "outputs":[{"name":"label","datatype":"BYTES","shape":[2,2],"data":["hen","ibis","emu","ibis"]},{"name":"score","datatype":"FP32","shape":[2,2],"data":[3,2,5,5]},{"name":"index","datatype":"INT64","shape":[2,2],"data":[1,2,0,2]}]
            """, model.Outputs());
    }

    [Fact]
    public void Run_WithoutLabels_NoLabelsInTheAnswer()
    {
        using var model = Classifier(TopTwo);
        Assert.Equal(InferenceStatus.Ok, model.Run(TwoRows).Status);
        Assert.Equal("""
            "outputs":[{"name":"score","datatype":"FP32","shape":[2,2],"data":[3,2,5,5]},{"name":"index","datatype":"INT64","shape":[2,2],"data":[1,2,0,2]}]
            """, model.Outputs());
    }

    [Fact]
    public void Run_MoreWantedThanClasses_AllClasses()
    {
        using var model = Classifier(TopTwo with { K = 10 });
        Assert.Equal(InferenceStatus.Ok, model.Run(TwoRows).Status);
        Assert.Contains("\"shape\":[2,3],\"data\":[1,2,0,0,2,1]", model.Outputs(), StringComparison.Ordinal);
    }

    [Fact]
    public void Run_Softmax_ScoresAreProbabilitiesOverAllClasses()
    {
        using var model = Classifier(TopTwo with { Softmax = true });
        Assert.Equal(InferenceStatus.Ok, model.Run("""{"inputs":[{"name":"x","shape":[1,3],"datatype":"FP32","data":[0,0,0]}]}""").Status);
        var scores = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(model.Response.Outputs[0].Data);
        Assert.Equal(1 / 3f, scores[0], 1e-6f); // three equal scores share 1; float rounding of exp and sum
    }

    [Fact]
    public void Run_SeveralSteps_NamesBeginWithTheOutput()
    {
        using var model = Classifier(TopTwo, new PostprocessStep { Kind = PostprocessStep.Raw, Output = "y" });
        Assert.Equal(InferenceStatus.Ok, model.Run(TwoRows).Status);
        Assert.Equal("y.score", Encoding.UTF8.GetString(model.Response.Outputs[0].Name));
        Assert.Equal("y.index", Encoding.UTF8.GetString(model.Response.Outputs[1].Name));
    }

    [Fact]
    public void Run_FewerClassesThanLabels_IsInternalAndNamesBoth()
    {
        using var model = Classifier(TopTwo with { Labels = "labels.txt" });
        var outcome = model.Run("""{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[1,2]}]}""");
        Assert.Equal(InferenceStatus.Internal, outcome.Status);
        Assert.Contains("top-k takes as many classes as there are labels, 3; the model gave Float32[1,2]", outcome.Error, StringComparison.Ordinal);
    }

    private static TestModel Classifier(params PostprocessStep[] steps) => new(TestModels.Identity(1, -1, -1), (writer, manifest) =>
    {
        writer.Add("labels.txt", Encoding.UTF8.GetBytes("emu\nhen\nibis\n"));
        return manifest with { Postprocessing = steps };
    });
}
