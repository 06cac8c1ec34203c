using System.CommandLine;
using EdgeRuntime.Bundles;
using EdgeRuntime.Inference;

namespace EdgeRuntime.Packaging.Commands;

/// <summary>The program's entry: finds the verb, runs it, turns what goes wrong into a message and an exit code.</summary>
internal static class CommandLine
{
    public static int Run(IReadOnlyList<string> arguments, CommandOutput output, CancellationToken cancel = default)
    {
        var parsed = Root(output).Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            foreach (var problem in parsed.Errors) output.Fail(problem.Message);
            output.Errors.WriteLine($"Try '{CommandOutput.Program} --help'.");
            return ExitCode.WrongUsage;
        }
        return Guard(output, () => parsed.InvokeAsync(new InvocationConfiguration { Output = output.Output, Error = output.Errors, EnableDefaultExceptionHandler = false }, cancel).GetAwaiter().GetResult());
    }

    private static RootCommand Root(CommandOutput output) => new("Turns ONNX models into signed bundles for edge devices.")
    {
        BuildCommand.Create(output), LintCommand.Create(output), InspectCommand.Create(output), VerifyCommand.Create(output),
        ExtractCommand.Create(output), FlashCommand.Create(output), KeygenCommand.Create(output),
    };

    private static int Guard(CommandOutput output, Func<int> command)
    {
        try
        {
            return command();
        }
        catch (UsageException error)
        {
            output.Fail(error.Message);
            return ExitCode.WrongUsage;
        }
        catch (OperationCanceledException)
        {
            output.Fail("stopped");
            return ExitCode.Refused;
        }
        catch (Exception error) when (error is PackagerException or BundleException or InferenceException or IOException or UnauthorizedAccessException)
        {
            output.Fail(error.Message);
            return ExitCode.Refused;
        }
    }
}
