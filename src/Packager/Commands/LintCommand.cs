using System.CommandLine;
using EdgeRuntime.Bundles;
using EdgeRuntime.Packaging.Import;
using EdgeRuntime.Packaging.Linting;

namespace EdgeRuntime.Packaging.Commands;

/// <summary><c>lint MODEL.onnx --target T</c>: whether a quantized model is what the target wants; exit code 1 where it is not.</summary>
internal static class LintCommand
{
    public static Command Create(CommandOutput output)
    {
        var model = new Argument<string>("MODEL.onnx") { Description = "The model, quantized by whatever means; external data lies beside it" };
        var target = new Option<string>("--target") { Description = $"The target: {string.Join(", ", TargetFile.BuiltIn)}, or the path of a target file", Required = true, HelpName = "T" };
        var json = new Option<bool>("--json") { Description = "Prints the findings as JSON on standard output" };
        var command = new Command("lint", "Checks a quantized model against the INT8 rules of a target") { model, target, json };
        command.SetAction(parsed =>
        {
            output.Json = parsed.GetValue(json);
            return Run(output, parsed.GetRequiredValue(model), BuildValues.Target(parsed.GetRequiredValue(target)));
        });
        return command;
    }

    private static int Run(CommandOutput output, string path, Target target)
    {
        var report = ModelLint.Of(ModelImporter.Load(path), target);
        if (output.Json) output.WriteJson(report, LintContext.Default.LintReport);
        else foreach (var line in Lines(report)) output.Say(line);
        return report.Errors == 0 ? ExitCode.Done : ExitCode.Refused;
    }

    private static IEnumerable<string> Lines(LintReport report)
    {
        var rows = report.Findings.Select(finding => new[] { finding.Severity == LintSeverity.Error ? "error" : "warning", finding.Rule, finding.Node, finding.Value, finding.Limit });
        string[] heading = ["severity", "rule", "node", "is", "target wants"];
        return [.. report.Findings.Count == 0 ? [] : TextTable.Lines([heading, .. rows]),
            $"{report.Model}: {report.QuantizedLayers} layers in bytes, {report.Errors} errors and {report.Warnings} warnings for target '{report.Target}'"];
    }
}
