using EdgeRuntime.Device.Commands;
using EdgeRuntime.Inference;
using EdgeRuntime.Serving.Hosting;
using Microsoft.ML.OnnxRuntime;

TelemetryOptOut.Apply(); // before any thread could read the environment
if (args is [InferCommand.Name, ..])
{
    NativeHeap.GrowAtOnce();
    using var engine = InferenceEngine.BeginStart(); // before the arguments are read: it is what infer waits for longest
    return ProcessEnd.At(DeviceCommands.Run(args));
}
NativeHeap.StaySmall();
return ProcessEnd.At(DeviceCommands.Run(args));
