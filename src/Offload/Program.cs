using EdgeRuntime.Offload.Commands;
using EdgeRuntime.Serving.Hosting;
using Microsoft.ML.OnnxRuntime;

TelemetryOptOut.Apply(); // before any thread could read the environment
NativeHeap.StaySmall();
return ProcessEnd.At(ServerCommands.Run(args));
