using EdgeRuntime.Benchmarks;
using Microsoft.ML.OnnxRuntime;

TelemetryOptOut.Apply(); // before any thread could read the environment
return await BenchCommand.Create().Parse(args).InvokeAsync();
