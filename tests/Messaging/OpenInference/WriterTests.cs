using EdgeRuntime.Messaging.OpenInference;
using Xunit;

namespace EdgeRuntime.Messaging.Tests.OpenInference;

public sealed class WriterTests
{
    [Theory]
    [InlineData(TensorDataType.Float32, new byte[] { 0, 0, 0, 0, 0, 0, 0xc0, 0x7f }, ProtocolErrorCode.NotFinite, InferenceStatus.Internal)]
    [InlineData(TensorDataType.Float16, new byte[] { 0, 0, 0, 0x7c }, ProtocolErrorCode.NotFinite, InferenceStatus.Internal)]
    [InlineData(TensorDataType.BFloat16, new byte[] { 0, 0, 0x80, 0x3f }, ProtocolErrorCode.NeedsBinary, InferenceStatus.InvalidArgument)]
    [InlineData(TensorDataType.Bytes, new byte[] { 0, 0, 0, 0, 1, 0, 0, 0, 0xff }, ProtocolErrorCode.NeedsBinary, InferenceStatus.InvalidArgument)]
    public void Write_WhatJsonCannotCarry_IsRefusedBeforeAnythingIsWritten(TensorDataType type, byte[] data, ProtocolErrorCode code, InferenceStatus status)
    {
        var response = new InferenceResponse();
        response.Start("m"u8, default, default);
        response.Outputs.Add("y"u8, type, [2], data, binary: true);
        var buffer = new PayloadBuffer();
        var error = JsonCodec.Write(response, buffer);
        Assert.Equal((code, status), (error!.Code, error.Status));
        Assert.Contains("'y'", error.Message);
        Assert.Equal(0, buffer.Length);
        Assert.Null(BinaryCodec.Write(response, buffer, out _));
    }

    [Fact]
    public void Add_DataOfAnotherSize_IsABug()
    {
        var outputs = new InferenceResponse().Outputs;
        Assert.Throws<ArgumentException>(() => outputs.Add("y"u8, TensorDataType.Float32, [2], new byte[7]));
        Assert.Throws<ArgumentException>(() => outputs.Add("y"u8, TensorDataType.Bytes, [2]).Length);
        outputs.Add("y"u8, TensorDataType.UInt8, [1], [1]);
        Assert.Throws<ArgumentException>(() => outputs.Add("y"u8, TensorDataType.UInt8, [1], [1]));
    }

    [Fact]
    public void Add_RoomToFill_IsTheTensorsData()
    {
        var response = new InferenceResponse();
        response.Outputs.Add("odd"u8, TensorDataType.UInt8, [3], [1, 2, 3]);
        response.Outputs.Add("y"u8, TensorDataType.Float32, [2])[7] = 0x3f;
        Assert.Equal(0x3f, response.Outputs[1].Data[7]);
        Assert.Equal([1, 2, 3], response.Outputs[0].Data.ToArray());
    }

    [Fact]
    public void Pool_ReturnedRequest_ComesBackEmpty()
    {
        var pool = new InferenceRequestPool(1);
        var request = pool.Rent();
        Assert.Null(Payloads.ReadJson("{'inputs':[{'name':'x','shape':[1],'datatype':'INT8','data':[3]}]}", request));
        pool.Return(request);
        pool.Return(new InferenceRequest()); // over capacity: dropped
        Assert.Same(request, pool.Rent());
        Assert.Equal(0, request.Inputs.Count);
        Assert.NotSame(request, pool.Rent());
    }

    [Fact]
    public void Buffer_ClearedAfterAHugeMessage_LetsItsMemoryGo()
    {
        var buffer = new PayloadBuffer();
        buffer.Reserve(PayloadBuffer.RetainedBytes + 1);
        buffer.Clear();
        Assert.InRange(buffer.GetMemory().Length, 1, PayloadBuffer.RetainedBytes);
    }
}
