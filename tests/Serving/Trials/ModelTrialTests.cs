using EdgeRuntime.Bundles;
using EdgeRuntime.Serving.Configuration;
using EdgeRuntime.Serving.Logging;
using EdgeRuntime.Serving.Trials;
using EdgeRuntime.TestKit;
using EdgeRuntime.TestKit.Bundles;
using EdgeRuntime.TestKit.Models;
using EdgeRuntime.TestKit.Processes;
using Xunit;

namespace EdgeRuntime.Serving.Tests.Trials;

/// <summary>When a trial is held; the program is a script that leaves a line each time.</summary>
public sealed class ModelTrialTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private readonly StringWriter _log = new();
    private InstalledBundle _bundle = null!;

    public async ValueTask InitializeAsync()
    {
        var bundles = new BundleMaker(_folder.Path);
        var trust = TrustPolicy.Load([bundles.TrustedKey]);
        using var file = VerifiedBundle.Open(bundles.Make("echo", TestModels.Identity(), ThisMachine.TargetName), trust);
        _bundle = new BundleStore(_folder["root"]).Install(file, trust);
        await File.WriteAllTextAsync(_folder["script"], "#!/bin/sh\necho once >> \"$0.times\"\n");
        (await ProcessRun.RunAsync("install", "-m", "700", _folder["script"], _folder["program"])).Expect();
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        _log.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public void Require_StoodBefore_IsTriedAgainOnlyWhereSuspect()
    {
        Require();
        Require();
        Assert.Equal(1, Times);
        Require(isSuspect: true);
        Assert.Equal(2, Times);
    }

    [Fact]
    public void Require_RecordCannotBeKept_IsTriedEachTimeAndSaysSo()
    {
        Directory.CreateDirectory(_folder["root", "state", TrialRecord.FileName]);
        Require();
        Require();
        Assert.Equal(2, Times);
        Assert.Contains("held again next time", _log.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Require_RecordCannotBeRead_IsTried()
    {
        Require();
        using var held = new FileStream(_folder["root", "state", TrialRecord.FileName], FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        Require();
        Assert.Equal(2, Times);
    }

    private int Times => File.ReadAllLines(_folder["program.times"]).Length;

    private void Require(bool isSuspect = false)
    {
        var log = new EventLog(_log, LogLevel.Info, json: false, TimeProvider.System);
        new ModelTrial(new TrialProcess(_folder["program"], "device.json"), new TrialRecord(_folder["root"]), log).Require(new BundleSlot("echo"), _bundle, "fp32", isSuspect);
    }
}
