using System.CommandLine;
using System.Globalization;
using System.Text;
using EdgeRuntime.Device.Offload;
using EdgeRuntime.Serving.Admission;
using EdgeRuntime.Serving.Commands;

namespace EdgeRuntime.Device.Commands;

/// <summary><c>explain</c>: says why each recorded request went where it went, and makes each decision again: it must come out the same, to the bit.</summary>
internal static class ExplainCommand
{
    private const int LongestLine = 64 << 10;

    public static Command Create()
    {
        var log = new Argument<string>("LOG") { Description = "A log of decisions, as offload.decisions names it." };
        var command = new Command("explain", "Says of each recorded request why it was answered where it was, and makes the decisions again.") { log };
        command.SetAction(parsed => DeviceCommands.Line.Guard(() => Explain(parsed.GetValue(log)!)));
        return command;
    }

    private static int Explain(string path)
    {
        int number = 0, same = 0;
        using var lines = new StreamReader(path, Encoding.UTF8);
        while (lines.ReadLine() is { } line)
        {
            number++;
            if (line.Length > LongestLine) return DeviceCommands.Line.Refuse($"{path}: line {number} has {line.Length} characters, over the limit of {LongestLine}");
            try
            {
                if (Explain(Encoding.UTF8.GetBytes(line))) same++;
            }
            catch (FormatException error)
            {
                return DeviceCommands.Line.Refuse($"{path}: line {number} is no decision: {error.Message}");
            }
        }
        Console.WriteLine($"{number} decisions, {same} of them the same again");
        return same == number ? CommandLine.Done : CommandLine.Failed;
    }

    private static bool Explain(byte[] line)
    {
        var (at, record) = DecisionText.Read(line);
        var again = OffloadDesk.Decide(record.Here, record.Left, record.Floor, record.Offer);
        bool isSame = again.Route == record.Decision.Route && again.HasFallback == record.Decision.HasFallback
            && BitConverter.DoubleToInt64Bits(again.Worth) == BitConverter.DoubleToInt64Bits(record.Decision.Worth);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{at:yyyy-MM-dd'T'HH:mm:ss.fff'Z'} {record.Model}: {Where(record)}; {Here(record)}; {There(record)}{(isSame ? "" : $"  NOT THE SAME AGAIN: {again}")}"));
        return isSame;
    }

    private static string Where(in DecisionRecord record) => record.Decision.Route switch
    {
        RequestRoute.Server => $"to server '{record.Server}'{(record.Decision.HasFallback ? "" : " without a fallback")}",
        RequestRoute.Local => "answered here",
        _ => "refused",
    };

    private static string Here(in DecisionRecord record) => record.Here.Fits
        ? string.Create(CultureInfo.InvariantCulture, $"here it is worth {record.Here.Worth:0.####}")
        : string.Create(CultureInfo.InvariantCulture, $"the device cannot promise it in {record.Left * 1000:0} ms with a quality of {record.Floor:0.###}");

    private static string There(in DecisionRecord record) => !record.Offer.IsAllowed ? "no server can be asked"
        : string.Create(CultureInfo.InvariantCulture, $"'{record.Server}' would take {record.Offer.Mean * 1000:0.#} ms (deviation {record.Offer.Deviation * 1000:0.#}) of {record.Left * 1000:0} for a quality of {record.Offer.Quality:0.####}{(record.Offer.IsProbe ? ", if it answers again" : "")}");
}
