using EdgeRuntime.Device.Commands;
using Microsoft.ML.OnnxRuntime;

TelemetryOptOut.Apply(); // before any thread could read the environment
return CommandLine.Run(args);
