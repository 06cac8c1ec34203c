using EdgeRuntime.Bundles;
using EdgeRuntime.Serving.Trials;
using EdgeRuntime.TestKit;
using Xunit;

namespace EdgeRuntime.Serving.Tests.Trials;

public sealed class TrialRecordTests : IDisposable
{
    private static readonly Sha256Digest One = Sha256Digest.Of("one"u8), Other = Sha256Digest.Of("other"u8);
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Has_OnlyWhatWasAdded_AlsoForTheNextProcess()
    {
        new TrialRecord(_folder.Path).Add(One, "int8", "1.0");
        var next = new TrialRecord(_folder.Path);
        Assert.True(next.Has(One, "int8", "1.0"));
        Assert.False(next.Has(Other, "int8", "1.0"));
        Assert.False(next.Has(One, "fp32", "1.0"));
        Assert.False(next.Has(One, "int8", "1.1"));
    }

    [Fact]
    public void Add_MoreThanItHolds_TheOldestGo()
    {
        var record = new TrialRecord(_folder.Path);
        record.Add(One, "first", "1.0");
        for (var i = 0; i < 255; i++) record.Add(Other, $"v{i}", "1.0");
        Assert.True(record.Has(One, "first", "1.0"));
        record.Add(Other, "one-more", "1.0");
        Assert.False(record.Has(One, "first", "1.0"));
        Assert.True(record.Has(Other, "v0", "1.0"));
    }

    [Fact]
    public void Has_FileIsTooLarge_NothingIsOnRecordAndTheNextAddMendsIt()
    {
        var record = new TrialRecord(_folder.Path);
        record.Add(One, "int8", "1.0");
        File.AppendAllText(Path.Combine(_folder.Path, "state", TrialRecord.FileName), new string('x', 1 << 20));
        Assert.False(record.Has(One, "int8", "1.0"));
        record.Add(One, "int8", "1.0");
        Assert.True(record.Has(One, "int8", "1.0"));
    }
}
