using EdgeRuntime.Serving.Catalog;
using EdgeRuntime.TestKit;
using EdgeRuntime.TestKit.Models;
using EdgeRuntime.TestKit.Time;
using Xunit;

namespace EdgeRuntime.Serving.Tests.Catalog;

/// <summary>What one process leaves for the next; a journal that is let go without being closed is what a killed process leaves.</summary>
public sealed class CrashJournalTests
{
    private const string Boot = "0b6f2f6e-7a3c-4bb1-9f0e-1a2b3c4d5e6f";
    private static readonly TestRequest Request = TestRequest.Floats("x", [1, 2], 0.5f, -1);

    private readonly ManualTime _time = new();

    public CrashJournalTests() => _time.Advance(TimeSpan.FromHours(1));

    [Fact]
    public void Open_AfterUncleanEnds_CountsWhoWasBusy()
    {
        using var folder = new TempFolder();
        for (int end = 0; end < 3; end++) End(folder.Path, Boot, "busy", clean: false);
        using var journal = CrashJournal.Open(folder.Path, Boot, _time);
        Assert.Equal((3, 0, 0), (journal.Ends("busy"), journal.Ends("idle"), journal.Ends("never seen")));
    }

    [Fact]
    public void Open_CleanEndOtherBootOrLongAgo_CountsNothing()
    {
        using var folder = new TempFolder();
        End(folder.Path, Boot, "busy", clean: true);
        Assert.Equal(0, Ends(folder.Path, Boot));
        End(folder.Path, Boot, "busy", clean: false);
        Assert.Equal(1, Ends(folder.Path, Boot));
        _time.Advance(TimeSpan.FromMinutes(11));
        Assert.Equal(0, Ends(folder.Path, Boot));
        End(folder.Path, Boot, "busy", clean: false);
        Assert.Equal(0, Ends(folder.Path, "another boot"));
    }

    [Fact]
    public void Open_TwoVersionsWithTheLongestNames_AreToldApart()
    {
        using var folder = new TempFolder();
        string longest = new('a', 64), other = $"{longest}@{new string('b', 63)}";
        for (int end = 0; end < 2; end++) End(folder.Path, Boot, $"{other}1", clean: false);
        using var journal = CrashJournal.Open(folder.Path, Boot, _time);
        Assert.Equal((2, 0, 0), (journal.Ends($"{other}1"), journal.Ends($"{other}2"), journal.Ends(longest)));
    }

    [Fact]
    public void Slot_AllTaken_OneWhoseModelIsGoneIsReusedAndSuspectsAreNot()
    {
        using var folder = new TempFolder();
        End(folder.Path, Boot, "suspect", clean: false);
        using var journal = CrashJournal.Open(folder.Path, Boot, _time);
        for (int i = 2; i < 256; i++) journal.Slot($"model-{i}");
        Assert.NotSame(CrashSlot.None, journal.Slot("early")); // that of "idle"
        Assert.Same(CrashSlot.None, journal.Slot("later"));
        journal.Release("model-7");
        Assert.NotSame(CrashSlot.None, journal.Slot("late"));
        Assert.Equal(1, journal.Ends("suspect"));
        Assert.Same(CrashSlot.None, journal.Slot("later"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(40_000)]
    public void Open_FileIsDamaged_BeginsAnew(int length)
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder["state"]);
        File.WriteAllBytes(Path.Combine(folder["state"], CrashJournal.FileName), Enumerable.Repeat((byte)0xFF, length).ToArray());
        End(folder.Path, Boot, "busy", clean: false);
        Assert.Equal(1, Ends(folder.Path, Boot));
    }

    [Fact]
    public async Task Start_ModelWasBusyAtTwoUncleanEnds_ItWaitsAndTheOtherServes()
    {
        await using var device = await new TestDevice().With("echo", TestModels.Identity()).With("other", TestModels.Identity()).StartAsync();
        await device.StopAsync();
        for (int end = 0; end < 2; end++) End(device.Root, CrashJournal.BootId, "echo", clean: false, TimeProvider.System);
        await device.StartAsync();
        var refused = await device.AskAsync("echo", Request);
        Assert.Equal("UNAVAILABLE", refused.Status);
        Assert.Contains("it was busy when the process ended, 2 times in a row", refused.Text, StringComparison.Ordinal);
        Assert.InRange(long.Parse(refused.Properties["retry-after-ms"]), 10_000, 40_000);
        Assert.Equal("OK", (await device.AskAsync("other", Request)).Status);
        await device.WaitForStateAsync("it was busy when the process ended");
    }

    private int Ends(string root, string boot)
    {
        using var journal = CrashJournal.Open(root, boot, _time);
        return journal.Ends("busy");
    }

    private void End(string root, string boot, string model, bool clean, TimeProvider? time = null)
    {
        using var journal = CrashJournal.Open(root, boot, time ?? _time);
        journal.Slot("idle").Mark(CrashMark.Running, false);
        journal.Slot(model).Mark(CrashMark.Running, true);
        if (clean) journal.Close();
    }
}
