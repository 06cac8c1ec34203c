using System.CommandLine;
using EdgeRuntime.Bundles;
using EdgeRuntime.Packaging.Building;
using EdgeRuntime.Packaging.Calibration.Ranges;
using EdgeRuntime.Packaging.Evaluation;
using EdgeRuntime.Packaging.Images;
using EdgeRuntime.Packaging.Variants;

namespace EdgeRuntime.Packaging.Commands;

/// <summary>The arguments of <c>build</c>, and the request that they make.</summary>
internal sealed class BuildOptions
{
    private readonly Argument<string> _model = new("MODEL.onnx") { Description = "The model; external data lies beside it" };
    private readonly Option<string> _name = Text("--name", "N", "Name of the bundle: letters, digits, '.', '_', '-'", required: true);
    private readonly Option<string> _version = Text("--version", "V", "Version, such as 1.2.0", required: true);
    private readonly Option<string> _targets = Text("--target", "T[,T2]", $"Targets: {string.Join(", ", TargetFile.BuiltIn)}, or paths of target files", required: true);
    private readonly Option<string> _variants = Text("--variants", "LIST", $"Variants, of {string.Join(",", VariantLadder.Precisions)}", required: true);
    private readonly Option<string> _output = new("--output", "-o") { Description = "The bundle to write", Required = true, HelpName = "OUT.bundle" };
    private readonly Option<string[]> _sign = new("--sign") { Description = "Private keys, as keygen makes them", Required = true, HelpName = "KEY[,KEY2]" };
    private readonly Option<long?> _sequence = new("--sequence") { Description = "Number that grows with every release; from the version where that is of numbers only", HelpName = "S" };
    private readonly Option<string?> _image = Optional("--image", "SPEC", ImageOption.Form);
    private readonly Option<string?> _labels = Optional("--labels", "FILE", "Names of the classes, or characters of a recogniser, one a line");
    private readonly Option<string?> _postprocess = Optional("--postprocess", "KIND", "ctc, top-k, top-k=K or raw; by default what --metric and --labels suggest");
    private readonly Option<string?> _buckets = Optional("--buckets", "SIZES", $"Sizes that a varying axis is padded to in batches; for widths of images multiples of {ModelInterface.Step} up to {ModelInterface.Largest}");
    private readonly Option<string?> _evaluate = Optional("--evaluate", "PATH", "Samples to measure quality with: .npz, folder of .npz, or folder of images with labels.tsv");
    private readonly Option<string?> _calibration = Optional("--calibration", "PATH", "Samples to find the ranges of int8 with, in the same forms; labels are not needed");
    private readonly Option<string?> _calibrationMethod = Optional("--calibration-method", "METHOD", $"How the ranges of int8 are chosen: {RangeMethods.Choices}; by default {RangeMethods.Default.Name}, and where int8 loses too much by that, what answers better for each stretch of the model");
    private readonly Option<bool> _adaround = new("--adaround") { Description = "Rounds the weights of int8 by what their layers answer on the samples (seconds more), where the model's answers are better for it" };
    private readonly Option<string?> _metric = Optional("--metric", "M", string.Join(" | ", Metrics.Names));
    private readonly Option<double> _maxDrop = new("--max-drop") { Description = "Most that a variant may lose, relative to fp32", HelpName = "D", DefaultValueFactory = _ => BuildRequest.DefaultMaxDrop };
    private readonly Option<int> _golden = new("--golden") { Description = "Golden vectors for the device's self-test", HelpName = "N", DefaultValueFactory = _ => BuildRequest.DefaultGolden };
    private readonly Option<string?> _stopAfter = Optional("--stop-after", "PASS", $"The last pass to run, to find the one at fault: {string.Join(", ", VariantLadder.PassNames)}");
    private readonly Option<string?> _measured = Optional("--measured", "FILE", "Timings of an earlier build, OUT.measured.json, instead of new ones: the same bytes again");
    private readonly Option<string?> _license = Optional("--license", "FILE", "The model's licence");
    private readonly Option<string?> _report = Optional("--report", "FILE.json", "Writes what --json prints");
    private readonly Option<bool> _explain = new("--explain") { Description = "Says what each pass did" };
    private readonly Option<bool> _json = new("--json") { Description = "Prints the result as JSON on standard output" };

    public void AddTo(Command command)
    {
        command.Arguments.Add(_model);
        foreach (var option in (Option[])[_name, _version, _targets, _variants, _sign, _output, _sequence, _image, _labels, _postprocess, _buckets, _evaluate, _calibration, _calibrationMethod, _adaround,
            _metric, _maxDrop, _golden, _stopAfter, _measured, _license, _report, _explain, _json]) command.Options.Add(option);
    }

    public bool WantsJson(ParseResult parsed) => parsed.GetValue(_json);

    /// <exception cref="UsageException">A value is not one that the option takes.</exception>
    public BuildRequest Request(ParseResult parsed)
    {
        var version = BuildValues.Version(parsed.GetRequiredValue(_version));
        var metric = BuildValues.Metric(parsed.GetValue(_metric), parsed.GetValue(_evaluate));
        var (postprocess, k) = BuildValues.Postprocess(parsed.GetValue(_postprocess), metric, parsed.GetValue(_labels));
        return new BuildRequest
        {
            Model = parsed.GetRequiredValue(_model),
            Name = BuildValues.Name(parsed.GetRequiredValue(_name)),
            Version = version,
            Sequence = BuildValues.Sequence(parsed.GetValue(_sequence), version),
            Targets = BuildValues.Targets(parsed.GetRequiredValue(_targets)),
            Precisions = Lists.Of("--variants", parsed.GetRequiredValue(_variants), VariantLadder.Precisions),
            SigningKeys = [.. parsed.GetRequiredValue(_sign).SelectMany(Lists.Split)],
            Output = parsed.GetRequiredValue(_output),
            Image = parsed.GetValue(_image) is { } image ? ImageOption.Parse(image) : null,
            Labels = parsed.GetValue(_labels),
            Postprocess = postprocess,
            TopK = k,
            Buckets = parsed.GetValue(_buckets) is { } buckets ? BuildValues.Buckets(buckets) : null,
            Evaluate = parsed.GetValue(_evaluate),
            Calibration = BuildValues.Calibration(parsed.GetValue(_calibration), parsed.GetRequiredValue(_variants)),
            CalibrationMethod = BuildValues.CalibrationMethod(parsed.GetValue(_calibrationMethod), parsed.GetValue(_calibration)),
            Tuning = BuildValues.Tuning(parsed.GetValue(_calibrationMethod), parsed.GetValue(_adaround), parsed.GetValue(_calibration)),
            Metric = metric,
            MaxDrop = BuildValues.MaxDrop(parsed.GetValue(_maxDrop)),
            Golden = BuildValues.Golden(parsed.GetValue(_golden)),
            StopAfter = parsed.GetValue(_stopAfter) is { } pass ? Lists.Of("--stop-after", pass, VariantLadder.PassNames)[0] : null,
            Measured = parsed.GetValue(_measured),
            License = parsed.GetValue(_license),
            Report = parsed.GetValue(_report),
            Explain = parsed.GetValue(_explain),
        };
    }

    private static Option<string> Text(string name, string value, string description, bool required) => new(name) { Description = description, Required = required, HelpName = value };

    private static Option<string?> Optional(string name, string value, string description) => new(name) { Description = description, HelpName = value };
}
