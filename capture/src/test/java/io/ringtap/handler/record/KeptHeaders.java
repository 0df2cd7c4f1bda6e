package io.ringtap.handler.record;

import io.ringtap.frame.Frame;
import io.ringtap.frame.Headers;

/** A frame whose headers are decoded once, as those of a borrowed one. */
record KeptHeaders(Frame frame, Headers headers) implements Frame {
    KeptHeaders(Frame frame) {
        this(frame, frame.headers());
    }

    @Override
    public int length() {
        return frame.length();
    }

    @Override
    public int originalLength() {
        return frame.originalLength();
    }

    @Override
    public long timestampNanos() {
        return frame.timestampNanos();
    }

    @Override
    public String captureName() {
        return frame.captureName();
    }

    @Override
    public byte byteAt(int offset) {
        return frame.byteAt(offset);
    }

    @Override
    public void copyTo(int offset, byte[] target, int targetOffset, int count) {
        frame.copyTo(offset, target, targetOffset, count);
    }
}
