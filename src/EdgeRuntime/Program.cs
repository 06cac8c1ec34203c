using EdgeRuntime.Device;
using EdgeRuntime.Device.Commands;
using Microsoft.ML.OnnxRuntime;

NativeHeap.StaySmall();
TelemetryOptOut.Apply(); // before any thread could read the environment
return ProcessEnd.At(CommandLine.Run(args));
