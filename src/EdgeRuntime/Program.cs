using EdgeRuntime.Device;
using EdgeRuntime.Device.Commands;
using Microsoft.ML.OnnxRuntime;

NativeHeap.ShareAmongThreads();
TelemetryOptOut.Apply(); // before any thread could read the environment
return CommandLine.Run(args);
