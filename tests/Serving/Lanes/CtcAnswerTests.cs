using System.Text;
using EdgeRuntime.Bundles;
using EdgeRuntime.Messaging.OpenInference;
using EdgeRuntime.TestKit.Models;
using Xunit;

namespace EdgeRuntime.Serving.Tests.Lanes;

/// <summary>Scores go through an identity model, so that what is decoded is what the test wrote. Classes: blank, a, ö.</summary>
public sealed class CtcAnswerTests
{
    private const int Float32 = 1, Float64 = 11;
    // Line 1: a a blank a -> "aa"; line 2: ö, blank three times -> "ö".
    private const string TwoLines =
        """{"inputs":[{"name":"x","shape":[2,4,3],"datatype":"FP32","data":[0,1,0, 0,1,0, 1,0,0, 0.25,0.5,0.25, 0,0,1, 1,0,0, 1,0,0, 1,0,0]}]}""";

    [Fact]
    public void Run_TwoLines_TextAndMeanProbabilityOfEach()
    {
        using var model = Ctc();
        Assert.Equal(InferenceStatus.Ok, model.Run(TwoLines).Status);
        Assert.Equal("""
            "outputs":[{"name":"text","datatype":"BYTES","shape":[2],"data":["aa","ö"]},{"name":"score","datatype":"FP32","shape":[2],"data":[0.75,1]}]
            """, model.Outputs());
    }

    [Fact]
    public void Run_ShorterAfterLonger_NothingOfTheOldAnswerIsLeft()
    {
        using var model = Ctc();
        Assert.Equal(InferenceStatus.Ok, model.Run(TwoLines).Status);
        Assert.Equal(InferenceStatus.Ok, model.Run("""{"inputs":[{"name":"x","shape":[1,1,3],"datatype":"FP32","data":[1,0,0]}]}""").Status);
        Assert.Equal("""
            "outputs":[{"name":"text","datatype":"BYTES","shape":[1],"data":[""]},{"name":"score","datatype":"FP32","shape":[1],"data":[0]}]
            """, model.Outputs());
    }

    [Theory]
    [InlineData("\"parameters\":{\"postprocess\":false}")]
    [InlineData("\"outputs\":[{\"name\":\"y\"}]")]
    public void Run_TensorsAreAskedFor_TheyComeAsTheyAre(string wish)
    {
        using var model = Ctc();
        Assert.Equal(InferenceStatus.Ok, model.Run($$"""{ {{wish}},"inputs":[{"name":"x","shape":[1,1,3],"datatype":"FP32","data":[0,1,0]}]}""").Status);
        Assert.Equal("""
            "outputs":[{"name":"y","datatype":"FP32","shape":[1,1,3],"data":[0,1,0]}]
            """, model.Outputs());
    }

    [Fact]
    public void Run_ClassesDoNotFitTheLabels_IsInternalAndNamesBoth()
    {
        using var model = Ctc();
        var outcome = model.Run("""{"inputs":[{"name":"x","shape":[1,1,5],"datatype":"FP32","data":[1,0,0,0,0]}]}""");
        Assert.Equal(InferenceStatus.Internal, outcome.Status);
        Assert.Contains("the model has 5 classes; 2 labels and the blank take 3", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_OutputOfAnotherType_IsInternalAndNamesIt()
    {
        using var model = Ctc(Float64);
        var outcome = model.Run("""{"inputs":[{"name":"x","shape":[1,1,3],"datatype":"FP64","data":[1,0,0]}]}""");
        Assert.Equal(InferenceStatus.Internal, outcome.Status);
        Assert.Contains("ctc takes Float32[batch,steps,classes]; the model gave Float64[1,1,3]", outcome.Error, StringComparison.Ordinal);
    }

    private static TestModel Ctc(int type = Float32) => new(TestModels.Identity(type, -1, -1, -1), (writer, manifest) =>
    {
        writer.Add("labels.txt", Encoding.UTF8.GetBytes("a\nö\n"));
        return manifest with { Postprocessing = [new PostprocessStep { Kind = PostprocessStep.Ctc, Output = "y", Labels = "labels.txt" }] };
    });
}
