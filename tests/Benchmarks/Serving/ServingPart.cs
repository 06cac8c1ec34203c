namespace EdgeRuntime.Benchmarks.Serving;

/// <summary>A part of the bench that can be run alone, and the figures that it owes.</summary>
internal sealed record ServingPart(string Name, string[] Figures, Func<BenchRun, Task> MeasureAsync);
