using EdgeRuntime.Bundles.Tests.Support;
using Xunit;

namespace EdgeRuntime.Bundles.Tests;

/// <summary>Several bundles of one name, each active in a slot of its own.</summary>
public sealed class StoreSlotTests
{
    private static readonly BundleSlot Own = new("small"), First = new("small", "1"), Second = new("small", "2");

    [Fact]
    public void Activate_TwoVersions_EachIsActiveInItsSlotAndHasItsOwnRatchet()
    {
        using var small = new SmallBundle();
        var store = new BundleStore(small.Root);
        Put(small, Second, "2", 9);
        Put(small, First, "1", 1);
        Assert.Equal((1, 9), (Active(store, small, First), Active(store, small, Second)));
        Assert.Equal([First, Second], store.Slots);
        Assert.Equal(BundleError.Rollback, Assert.Throws<BundleException>(() => Put(small, Second, "2", 8)).Error);
        Assert.Null(store.Active(Own, small.Trust));
    }

    [Theory]
    [InlineData("small", "2")]
    [InlineData("other", "1")]
    public void Activate_BundleOfAnotherVersionOrName_IsRefused(string name, string version)
    {
        using var small = new SmallBundle();
        Assert.Equal(BundleError.InvalidName, Assert.Throws<BundleException>(() => Put(small, new BundleSlot(name, version), "1", 1)).Error);
        Assert.Empty(new BundleStore(small.Root).Models);
    }

    [Fact]
    public void RemoveUnused_SlotsThatAreWantedOrNot_KeepsWhatAnyOfThemHolds()
    {
        using var small = new SmallBundle();
        var store = new BundleStore(small.Root);
        Put(small, First, "1", 1);
        Put(small, Second, "2", 2);
        Assert.Equal(0, store.RemoveUnused());
        Assert.Equal(1, store.RemoveUnused(slot => slot != First));
        Assert.Equal((false, true), (store.HasActive(First), store.HasActive(Second)));
        Assert.Null(store.Active(First, small.Trust));
        Put(small, First, "1", 3);
        Assert.Equal(BundleError.Rollback, Assert.Throws<BundleException>(() => Put(small, First, "1", 1)).Error);
    }

    [Fact]
    public void Active_SlotThatWasNeverFilled_TakesItsVersionFromTheNamesOwn()
    {
        using var small = new SmallBundle();
        var store = new BundleStore(small.Root);
        Put(small, Own, "1", 1);
        Put(small, Own, "2", 2);
        Assert.Equal((1, 2), (Active(store, small, First), Active(store, small, Second)));
        Assert.Null(store.Active(new BundleSlot("small", "3"), small.Trust));
    }

    [Fact]
    public void Active_OneOfTheNamesOwnIsDamaged_TheOtherIsFoundAndTheDamageIsToldWhereNoneIs()
    {
        using var small = new SmallBundle();
        var store = new BundleStore(small.Root);
        Put(small, Own, "1", 1);
        var second = Put(small, Own, "2", 2);
        File.Delete(second.PathOf("labels.txt"));
        Assert.Equal(1, Active(store, small, First));
        Assert.Equal(BundleError.StoreDamaged, Assert.Throws<BundleException>(() => store.Active(Second, small.Trust)).Error);
    }

    private static long? Active(BundleStore store, SmallBundle small, BundleSlot slot) => store.Active(slot, small.Trust)?.Manifest.Sequence;

    private static InstalledBundle Put(SmallBundle small, BundleSlot slot, string version, long sequence)
    {
        var path = Path.Combine(small.Folder, $"{version}-{sequence}.bundle");
        SmallBundle.Content().Write(path, SmallBundle.Manifest(sequence) with { Version = version }, [small.Key]);
        var store = new BundleStore(small.Root);
        using var bundle = VerifiedBundle.Open(path, small.Trust);
        var installed = store.Install(bundle, small.Trust, slot: slot);
        store.Activate(installed, slot);
        return installed;
    }
}
