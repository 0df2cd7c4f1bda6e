package io.ringtap.frame;

import java.nio.ByteBuffer;

/** A frame that owns its bytes. */
final class HeapFrame implements Frame {
    private final byte[] bytes;
    private final int originalLength;
    private final long timestampNanos;
    private final String captureName;

    HeapFrame(byte[] bytes, int originalLength, long timestampNanos, String captureName) {
        this.bytes = bytes;
        this.originalLength = originalLength;
        this.timestampNanos = timestampNanos;
        this.captureName = captureName;
    }

    @Override
    public int length() {
        return bytes.length;
    }

    @Override
    public int originalLength() {
        return originalLength;
    }

    @Override
    public long timestampNanos() {
        return timestampNanos;
    }

    @Override
    public String captureName() {
        return captureName;
    }

    @Override
    public byte byteAt(int offset) {
        return bytes[offset];
    }

    @Override
    public void copyTo(int offset, byte[] target, int targetOffset, int count) {
        System.arraycopy(bytes, offset, target, targetOffset, count);
    }

    @Override
    public void copyTo(int offset, ByteBuffer target, int targetIndex, int count) {
        target.put(targetIndex, bytes, offset, count);
    }

    @Override
    public Frame copy() {
        return this;
    }
}
