package io.ringtap.frame;

/** A frame that can be taken back: from then on every use of it throws. */
final class LentFrame implements Frame {
    private final Frame frame;
    private final CheckedHandler borrower;
    private final long threadId = Thread.currentThread().threadId();
    private volatile boolean returned;

    LentFrame(Frame frame, CheckedHandler borrower) {
        this.frame = frame;
        this.borrower = borrower;
    }

    void takeBack() {
        returned = true;
    }

    private Frame checked() {
        if (returned) {
            throw borrower.misused("after onFrame had returned");
        }
        if (Thread.currentThread().threadId() != threadId) {
            throw borrower.misused("on thread " + Thread.currentThread().getName());
        }
        return frame;
    }

    @Override
    public int length() {
        return checked().length();
    }

    @Override
    public int originalLength() {
        return checked().originalLength();
    }

    @Override
    public long timestampNanos() {
        return checked().timestampNanos();
    }

    @Override
    public String captureName() {
        return checked().captureName();
    }

    @Override
    public byte byteAt(int offset) {
        return checked().byteAt(offset);
    }

    @Override
    public int unsignedShortAt(int offset) {
        return checked().unsignedShortAt(offset);
    }

    @Override
    public int intAt(int offset) {
        return checked().intAt(offset);
    }

    @Override
    public long longAt(int offset) {
        return checked().longAt(offset);
    }

    @Override
    public void copyTo(int offset, byte[] target, int targetOffset, int count) {
        checked().copyTo(offset, target, targetOffset, count);
    }
}
