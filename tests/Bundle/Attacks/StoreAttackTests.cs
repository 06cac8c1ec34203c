using EdgeRuntime.Bundles.Tests.Support;
using Xunit;

namespace EdgeRuntime.Bundles.Tests.Attacks;

public sealed class StoreAttackTests
{
    [Fact]
    public void Install_OlderManifestReplayed_IsRefused()
    {
        using var small = new SmallBundle();
        Put(small, 2, activate: true);
        Assert.Equal(BundleError.Rollback, Assert.Throws<BundleException>(() => Put(small, 1, activate: false)).Error);
        Assert.Equal(2, new BundleStore(small.Root).Active("small", small.Trust)!.Manifest.Sequence);
    }

    [Fact]
    public void Activate_OlderBundleInstalledBeforeTheNewerWasActive_IsRefused()
    {
        using var small = new SmallBundle();
        var older = Put(small, 1, activate: false);
        Put(small, 2, activate: true);
        Assert.Equal(BundleError.Rollback, Assert.Throws<BundleException>(() => new BundleStore(small.Root).Activate(older)).Error);
    }

    [Fact]
    public void Activate_RemovedMeanwhile_IsRefused()
    {
        using var small = new SmallBundle();
        var bundle = Put(small, 1, activate: false);
        Assert.Equal(1, new BundleStore(small.Root).RemoveUnused());
        Assert.Equal(BundleError.NotInstalled, Assert.Throws<BundleException>(() => new BundleStore(small.Root).Activate(bundle)).Error);
    }

    [Fact]
    public void Install_ForAnotherTarget_IsRefused()
    {
        using var small = new SmallBundle().Write();
        using var bundle = VerifiedBundle.Open(small.Path, small.Trust);
        Assert.Equal(BundleError.WrongTarget, Assert.Throws<BundleException>(() => new BundleStore(small.Root).Install(bundle, small.Trust, "jetson-orin-nano")).Error);
    }

    [Fact]
    public void Install_IntoALink_IsRefused()
    {
        using var small = new SmallBundle().Write();
        Directory.CreateDirectory(Path.Combine(small.Root, "bundles"));
        var elsewhere = Directory.CreateDirectory(Path.Combine(small.Folder, "elsewhere")).FullName;
        Directory.CreateSymbolicLink(Path.Combine(small.Root, "bundles", "small"), elsewhere);
        using var bundle = VerifiedBundle.Open(small.Path, small.Trust);
        Assert.Equal(BundleError.Storage, Assert.Throws<BundleException>(() => new BundleStore(small.Root).Install(bundle, small.Trust)).Error);
        Assert.Empty(Directory.GetFileSystemEntries(elsewhere));
    }

    [Theory]
    [InlineData("labels.txt")]
    [InlineData("manifest.json")]
    [InlineData("manifest.sig")]
    public void Open_FileReplacedByALinkOrRemoved_IsRefused(string name)
    {
        using var small = new SmallBundle();
        var path = Path.Combine(Put(small, 1, activate: true).Folder, name);
        var copy = Path.Combine(small.Folder, "copy");
        File.Move(path, copy);
        Assert.Equal(BundleError.StoreDamaged, Assert.Throws<BundleException>(() => new BundleStore(small.Root).Active("small", small.Trust)).Error);
        File.CreateSymbolicLink(path, copy);
        Assert.Equal(BundleError.StoreDamaged, Assert.Throws<BundleException>(() => new BundleStore(small.Root).Active("small", small.Trust)).Error);
    }

    [Fact]
    public void Install_InstalledFolderDamaged_IsRepaired()
    {
        using var small = new SmallBundle();
        var path = Put(small, 1, activate: true).PathOf("labels.txt");
        File.Delete(path);
        File.WriteAllText(path, "one\nzero\n");
        Put(small, 1, activate: true).VerifyEntries(TestContext.Current.CancellationToken);
        Assert.Equal("zero\none\n", File.ReadAllText(path));
    }

    private static InstalledBundle Put(SmallBundle small, long sequence, bool activate)
    {
        small.Write(sequence);
        using var bundle = VerifiedBundle.Open(small.Path, small.Trust);
        var store = new BundleStore(small.Root);
        var installed = store.Install(bundle, small.Trust);
        if (activate) store.Activate(installed);
        return installed;
    }
}
