package io.ringtap.frame;

import java.util.Objects;

/** A frame that fails at a read outside of it, as one in native memory cannot be relied on to do. */
final class GuardedFrame implements Frame {
    private final byte[] bytes;

    GuardedFrame(byte[] bytes) {
        this.bytes = bytes;
    }

    @Override
    public int length() {
        return bytes.length;
    }

    @Override
    public int originalLength() {
        return bytes.length;
    }

    @Override
    public long timestampNanos() {
        return 0;
    }

    @Override
    public String captureName() {
        return "test";
    }

    @Override
    public byte byteAt(int offset) {
        return bytes[Objects.checkIndex(offset, bytes.length)];
    }

    @Override
    public void copyTo(int offset, byte[] target, int targetOffset, int count) {
        Objects.checkFromIndexSize(offset, count, bytes.length);
        System.arraycopy(bytes, offset, target, targetOffset, count);
    }
}
