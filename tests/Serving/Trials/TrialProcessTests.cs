using System.Diagnostics;
using EdgeRuntime.Bundles;
using EdgeRuntime.Inference;
using EdgeRuntime.Serving.Configuration;
using EdgeRuntime.Serving.Trials;
using EdgeRuntime.TestKit;
using EdgeRuntime.TestKit.Bundles;
using EdgeRuntime.TestKit.Models;
using EdgeRuntime.TestKit.Processes;
using Xunit;

namespace EdgeRuntime.Serving.Tests.Trials;

/// <summary>How a process can end, each by a real one; that of a model is in the end-to-end tests.</summary>
public sealed class TrialProcessTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly InstalledBundle _bundle;

    public TrialProcessTests()
    {
        var bundles = new BundleMaker(_folder.Path);
        var trust = TrustPolicy.Load([bundles.TrustedKey]);
        using var file = VerifiedBundle.Open(bundles.Make("echo", TestModels.Identity(), ThisMachine.TargetName), trust);
        _bundle = new BundleStore(_folder["root"]).Install(file, trust);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Run_ProcessEndsWell_ItWasGivenWhatItTries()
    {
        await RunAsync("""echo "$@" > "$0.arguments" """);
        Assert.Equal($"try --config device.json --slot echo --digest {_bundle.Digest} --variant fp32", (await File.ReadAllTextAsync(_folder["program.arguments"], TestContext.Current.CancellationToken)).Trim());
    }

    [Theory]
    [InlineData("echo 'edge-runtime: variant is broken' >&2; exit 1", "of its own: variant is broken")]
    [InlineData("printf 'two\\nlines' >&2; exit 1", "of its own: two lines")]
    [InlineData("exit 1", "it ended with exit code 1")]
    [InlineData("exit 7", "it ended with exit code 7")]
    [InlineData("kill -SEGV $$", "signal 11 ended it")]
    [InlineData("echo out of luck >&2; kill -KILL $$", "signal 9 ended it: out of luck")]
    public async Task Run_ProcessDoesNotEndWell_SaysHow(string script, string reason)
    {
        var error = await Assert.ThrowsAsync<InferenceException>(() => RunAsync(script));
        Assert.StartsWith("model 'echo' 1.0.0 did not stand its trial", error.Message, StringComparison.Ordinal);
        Assert.EndsWith(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ProcessSaysVeryMuch_ItIsReadAndTheFirstOfItKept()
    {
        var error = await Assert.ThrowsAsync<InferenceException>(() => RunAsync("head -c 3000000 /dev/zero | tr '\\0' x >&2; exit 1"));
        Assert.InRange(error.Message.Length, 4096, 4300);
    }

    [Fact]
    public void Run_NoSuchProgram_SaysSo()
    {
        var error = Assert.Throws<InferenceException>(() => new TrialProcess(_folder["missing"], "device.json").Run(new BundleSlot("echo"), _bundle, "fp32"));
        Assert.Contains(_folder["missing"], error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ProcessHangs_ItIsEndedInTime()
    {
        var start = Stopwatch.GetTimestamp();
        var error = await Assert.ThrowsAsync<InferenceException>(() => RunAsync("exec sleep 600", TimeSpan.FromMilliseconds(300)));
        Assert.Contains("it did not end within", error.Message, StringComparison.Ordinal);
        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(30));
    }

    // Another process writes the program: a test that forks while this one has it open would keep it from being run.
    private async Task RunAsync(string script, TimeSpan? patience = null)
    {
        await File.WriteAllTextAsync(_folder["script"], $"#!/bin/sh\n{script}\n", TestContext.Current.CancellationToken);
        (await ProcessRun.RunAsync("install", "-m", "700", _folder["script"], _folder["program"])).Expect();
        new TrialProcess(_folder["program"], "device.json") { Patience = patience }.Run(new BundleSlot("echo"), _bundle, "fp32");
    }
}
