using EdgeRuntime.TestKit.Memory;
using EdgeRuntime.TestKit.Models;
using Xunit;
using static EdgeRuntime.Inference.Tests.OpenModel;

namespace EdgeRuntime.Inference.Tests.Runs;

public sealed class RunContextTests
{
    [Fact]
    public void Run_ShapesChange_EachAnswerHasItsOwnShape()
    {
        using var model = new OpenModel(TestModels.Identity());
        using var context = model.CreateContext();
        foreach (var (rows, columns) in new[] { (1, 3), (2, 3), (2, 3), (5, 1), (1, 3) })
        {
            var values = Enumerable.Range(0, rows * columns).Select(i => i + rows * 100f).ToArray();
            context.BindInput(0, Bytes(values), [rows, columns]);
            context.Run();
            Assert.Equal([rows, columns], context.Output(0).Shape);
            Assert.Equal(values, context.Output(0).As<float>());
        }
    }

    [Fact]
    public void Run_OutputShapeDependsOnData_EachAnswerHasItsOwnShape()
    {
        using var model = new OpenModel(TestModels.NonZero());
        using var context = model.CreateContext();
        foreach (float[] values in new float[][] { [0, 1, 0, 2], [0, 0, 0, 0], [1, 2, 3, 4], [0, 0, 3, 0], [0, 0, 4, 0] })
        {
            context.BindInput(0, Bytes(values), [1, 2, 2]);
            context.Run();
            int expected = values.Count(value => value != 0);
            Assert.Equal([3, expected], context.Output(0).Shape);
            Assert.Equal(3 * expected, context.Output(0).As<long>().Length);
        }
    }

    [Fact]
    public void Run_RepeatedShape_AllocatesNothing()
    {
        using var model = new OpenModel(TestModels.Mlp());
        using var context = model.CreateContext();
        byte[] data = Bytes(Enumerable.Repeat(0.5f, 32).ToArray());
        long[] shape = [2, 16];
        float sum = 0;
        for (int i = 0; i < 50; i++) RunOnce();
        Assert.Equal(0, Allocation.Least(() =>
        {
            for (int i = 0; i < 200; i++) RunOnce();
        }));
        Assert.NotEqual(0, sum);

        void RunOnce()
        {
            context.BindInput(0, data, shape);
            context.Run(TimeSpan.FromSeconds(10), CancellationToken.None);
            sum += context.Output(0).As<float>()[0];
        }
    }

    [Fact]
    public void Run_TwoShapesInTurn_AllocatesNothing()
    {
        using var model = new OpenModel(TestModels.Mlp());
        using var context = model.CreateContext();
        byte[] data = new byte[2 * 16 * 4];
        long[] two = [2, 16], one = [1, 16];
        for (int i = 0; i < 50; i++) RunBoth();
        Assert.Equal(0, Allocation.Least(() =>
        {
            for (int i = 0; i < 100; i++) RunBoth();
        }));

        void RunBoth()
        {
            context.BindInput(0, data, two);
            context.Run();
            context.BindInput(0, data.AsSpan(0, 64), one);
            context.Run();
        }
    }

    [Fact]
    public void BindInput_WrongShape_NamesInputValueAndLimit()
    {
        using var model = new OpenModel(TestModels.Mlp());
        using var context = model.CreateContext();
        var error = Assert.Throws<InferenceException>(() => context.BindInput(0, new byte[60], [1, 15]));
        Assert.Equal(InferenceError.ShapeMismatch, error.Error);
        Assert.Equal("input 'x' has the shape [1,15]; the model takes [-1,16]", error.Message);
    }

    [Theory]
    [InlineData(new long[] { 1 }, 4)]
    [InlineData(new long[] { 0, 16 }, 0)]
    [InlineData(new long[] { -1, 16 }, 64)]
    [InlineData(new long[] { 1L << 40, 16 }, 64)]
    [InlineData(new long[] { 1, 16 }, 63)]
    [InlineData(new long[] { 2, 16 }, 64)]
    public void BindInput_ShapeOrSizeDoesNotFit_IsRefused(long[] shape, int bytes)
    {
        using var model = new OpenModel(TestModels.Mlp());
        using var context = model.CreateContext();
        Assert.Equal(InferenceError.ShapeMismatch, Assert.Throws<InferenceException>(() => context.BindInput(0, new byte[bytes], shape)).Error);
    }

    [Fact]
    public void Run_AfterRefusedInput_StillAnswers()
    {
        using var model = new OpenModel(TestModels.Identity());
        using var context = model.CreateContext();
        Assert.Throws<InferenceException>(() => context.BindInput(0, new byte[3], [1, 1]));
        context.BindInput(0, Bytes(7f), [1, 1]);
        context.Run();
        Assert.Equal(7f, context.Output(0).As<float>()[0]);
    }

    [Fact]
    public void Run_InputMissing_SaysWhich()
    {
        using var model = new OpenModel(TestModels.Identity());
        using var context = model.CreateContext();
        Assert.Equal("input 'x' is not given", Assert.Throws<InferenceException>(context.Run).Message);
    }

    [Fact]
    public void Output_BeforeAnyRun_IsRefused()
    {
        using var model = new OpenModel(TestModels.Identity());
        using var context = model.CreateContext();
        Assert.Equal(InferenceError.ExecutionFailed, Assert.Throws<InferenceException>(() => context.Output(0).Type).Error);
    }

    [Fact]
    public void Run_ModelFails_NextRunAnswers()
    {
        using var model = new OpenModel(TestModels.Reshape(4));
        using var context = model.CreateContext();
        context.BindInput(0, new byte[5 * 4], [5]);
        Assert.Equal(InferenceError.ExecutionFailed, Assert.Throws<InferenceException>(context.Run).Error);
        context.BindInput(0, Bytes(1f, 2f, 3f, 4f, 5f, 6f, 7f, 8f), [8]);
        context.Run();
        Assert.Equal([2, 4], context.Output(0).Shape);
    }

    [Fact]
    public void MapInput_FilledInPlace_IsWhatRuns()
    {
        using var model = new OpenModel(TestModels.Identity());
        using var context = model.CreateContext();
        Bytes(1f, 2f).CopyTo(context.MapInput(0, [1, 2]));
        context.Run();
        Assert.Equal([1f, 2f], context.Output(0).As<float>());
    }
}
