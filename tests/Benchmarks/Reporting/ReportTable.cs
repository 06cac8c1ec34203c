using System.Globalization;
using Spectre.Console;

namespace EdgeRuntime.Benchmarks.Reporting;

/// <summary>A report for a person to read; a figure that misses its goal says so.</summary>
internal static class ReportTable
{
    public static void Print(BenchReport report, IAnsiConsole console)
    {
        var table = new Table().Border(TableBorder.Simple).Title($"{report.Bench}, commit {report.Commit}").Caption(report.Machine.EscapeMarkup());
        table.AddColumn("figure");
        table.AddColumn(new TableColumn("value").RightAligned());
        table.AddColumn("goal");
        table.AddColumn("peer");
        table.AddColumn(new TableColumn("samples").RightAligned());
        foreach (var figure in report.Figures) table.AddRow(Row(figure));
        console.Write(table);
        foreach (var figure in report.Figures.Where(figure => figure.Note is not null)) console.WriteLine($"{figure.Id}: {figure.Note}");
        console.WriteLine(Verdict(report.Figures));
    }

    private static Markup[] Row(Figure figure) =>
    [
        new(figure.Id.EscapeMarkup()),
        new(figure.Value is { } value ? $"{Text(value)} {figure.Unit}".TrimEnd().EscapeMarkup() : "not measurable here"),
        new(GoalText(figure)),
        new((figure.PeerValue is { } peer ? $"{Text(peer)} {figure.Peer}" : figure.Peer ?? "").EscapeMarkup()),
        new($"{figure.Samples}"),
    ];

    private static string GoalText(Figure figure)
    {
        if (figure.Goal is not { } goal) return "";
        var text = $"{(goal.AtLeast ? ">=" : "<=")} {Text(goal.Limit)}";
        return figure.MeetsGoal switch
        {
            true => $"[green]{text} met[/]",
            false => $"[red]{text} MISSED[/]",
            null => text,
        };
    }

    private static string Verdict(IReadOnlyList<Figure> figures)
    {
        var missed = figures.Where(figure => figure.MeetsGoal == false).Select(figure => figure.Id).ToList();
        var met = figures.Count(figure => figure.MeetsGoal == true);
        return missed.Count == 0 ? $"{met} goals met" : $"{met} goals met, {missed.Count} missed: {string.Join(", ", missed)}";
    }

    private static string Text(double value) => Math.Abs(value) switch
    {
        >= 100 => value.ToString("0", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("0.0", CultureInfo.InvariantCulture),
        >= 0.001 or 0 => value.ToString("0.###", CultureInfo.InvariantCulture),
        _ => value.ToString("0.#e+0", CultureInfo.InvariantCulture),
    };
}
