using EdgeRuntime.Bundles.Tests.Support;
using Xunit;

namespace EdgeRuntime.Bundles.Tests;

public sealed class StorageErrorTests
{
    [Fact]
    public void Install_DiskFull_SaysSoAndLeavesNothingBehind()
    {
        using var small = new SmallBundle().Write();
        using var bundle = VerifiedBundle.Open(small.Path, small.Trust);
        var error = Assert.Throws<BundleException>(() => new BundleStore(small.Root, new FullDisk(4000)).Install(bundle, small.Trust));
        Assert.Equal(BundleError.NoSpace, error.Error);
        Assert.Contains("installing 'small' 1", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetDirectories(Path.Combine(small.Root, "bundles")));
        new BundleStore(small.Root).Install(bundle, small.Trust).VerifyEntries(TestContext.Current.CancellationToken);
    }

    [Fact]
    public void Activate_DiskFull_KeepsTheOldOne()
    {
        using var small = new SmallBundle().Write();
        using var bundle = VerifiedBundle.Open(small.Path, small.Trust);
        var installed = new BundleStore(small.Root).Install(bundle, small.Trust);
        var error = Assert.Throws<BundleException>(() => new BundleStore(small.Root, new FullDisk(10)).Activate(installed));
        Assert.Equal(BundleError.NoSpace, error.Error);
        Assert.Empty(new BundleStore(small.Root).Models);
    }

    [Theory]
    [InlineData("/proc/edge-runtime")]
    [InlineData("/dev/null/root")]
    public void Install_RootThatCannotBeMade_SaysWhichAndWhy(string root)
    {
        using var small = new SmallBundle().Write();
        using var bundle = VerifiedBundle.Open(small.Path, small.Trust);
        var error = Assert.Throws<BundleException>(() => new BundleStore(root).Install(bundle, small.Trust));
        Assert.Equal(BundleError.Storage, error.Error);
        Assert.StartsWith($"preparing {root}: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Install_RootNotWritable_SaysSo()
    {
        Assert.SkipWhen(Environment.IsPrivilegedProcess, "root writes everywhere");
        using var small = new SmallBundle().Write();
        Directory.CreateDirectory(small.Root);
        File.SetUnixFileMode(small.Root, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        using var bundle = VerifiedBundle.Open(small.Path, small.Trust);
        Assert.Equal(BundleError.Storage, Assert.Throws<BundleException>(() => new BundleStore(small.Root).Install(bundle, small.Trust)).Error);
        File.SetUnixFileMode(small.Root, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [Fact]
    public async Task Install_AnotherProcessHoldsTheLock_SaysSo()
    {
        using var small = new SmallBundle().Write();
        using var bundle = VerifiedBundle.Open(small.Path, small.Trust);
        var state = Directory.CreateDirectory(Path.Combine(small.Root, "state")).FullName;
        using (var holder = LockHolder.Start(Path.Combine(state, "lock")))
        {
            await holder.WaitUntilHeldAsync();
            var error = Assert.Throws<BundleException>(() => new BundleStore(small.Root).Install(bundle, small.Trust));
            Assert.Equal(BundleError.Storage, error.Error);
            Assert.Contains("another program is changing the bundles", error.Message, StringComparison.Ordinal);
        }
        new BundleStore(small.Root).Install(bundle, small.Trust);
    }
}
