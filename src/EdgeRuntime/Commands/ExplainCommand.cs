using System.CommandLine;
using System.Globalization;
using System.Text;
using EdgeRuntime.Device.Decisions;
using EdgeRuntime.Serving.Commands;

namespace EdgeRuntime.Device.Commands;

/// <summary><c>explain</c>: says why each recorded request went where it went and each run took the rung it took, and makes each decision again: it must come out the same, to the bit.</summary>
internal static class ExplainCommand
{
    private const int LongestLine = 64 << 10;

    public static Command Create()
    {
        var log = new Argument<string>("LOG") { Description = "A log of decisions, as offload.decisions names it." };
        var command = new Command("explain", "Says of each recorded request why it was answered where it was, of each run why it took its rung, and makes the decisions again.") { log };
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

    private static bool Explain(byte[] text)
    {
        var line = DecisionLine.Read(text);
        var (words, isSame, again) = (line.Route, line.Rung) switch
        {
            ({ } route, _) => (RouteExplanation.Of(route), RouteExplanation.IsSameAgain(route, out string otherwise), otherwise),
            (_, { } rung) => (RungExplanation.Of(rung), RungExplanation.IsSameAgain(rung, out string otherwise), otherwise),
            _ => throw new FormatException("it is about nothing"),
        };
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{line.At:yyyy-MM-dd'T'HH:mm:ss.fff'Z'} {words}{(isSame ? "" : $"  NOT THE SAME AGAIN: {again}")}"));
        return isSame;
    }
}
