using EdgeRuntime.Messaging.OpenInference;
using EdgeRuntime.Serving.Http;
using Xunit;

namespace EdgeRuntime.Serving.Tests.Http;

public sealed class AcceptHeaderTests
{
    [Theory]
    [InlineData("", null)]
    [InlineData("*/*", null)]
    [InlineData("application/*;q=0.5", null)]
    [InlineData("application/json", PayloadFormat.Json)]
    [InlineData("Application/JSON; charset=utf-8", PayloadFormat.Json)]
    [InlineData("application/octet-stream", PayloadFormat.Binary)]
    [InlineData("text/html, application/json;q=0.9, application/octet-stream;q=0.95", PayloadFormat.Binary)]
    [InlineData("application/octet-stream;q=0, application/json", PayloadFormat.Json)]
    [InlineData("image/png, */*;q=0.1", null)]
    public void TryRead_WhatWeHave_TheBestIsTaken(string header, PayloadFormat? expected)
    {
        Assert.True(AcceptHeader.TryRead(header, out var format));
        Assert.Equal(expected, format);
    }

    [Theory]
    [InlineData("text/html")]
    [InlineData("image/jpeg")]
    [InlineData("application/json;q=0")]
    [InlineData("application/json;q=x")]
    public void TryRead_NothingThatWeHave_IsRefused(string header) => Assert.False(AcceptHeader.TryRead(header, out _));
}
