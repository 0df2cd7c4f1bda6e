package io.ringtap.capture.ring;

import io.ringtap.frame.Frame;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Frames whose length and content follow from their number, which travels as their time. */
final class RandomFrames {
    private static final int FLOWS = 50;
    private static final int HEADER = 14;

    private final int longest;

    /** Frames of 14 to {@code longest} bytes, most of them short. */
    RandomFrames(int longest) {
        this.longest = longest;
    }

    byte[] frame(long number) {
        SplittableRandom random = new SplittableRandom(number);
        int most = random.nextInt(16) == 0 ? longest : Math.min(longest, 128);
        byte[] frame = new byte[random.nextInt(HEADER, most + 1)];
        random.nextBytes(frame);
        int flow = flow(number);
        boolean back = random.nextBoolean();
        ByteBuffer.wrap(frame)
                .putShort(0, (short) 0x0200)
                .putInt(2, back ? flow : -1)
                .putShort(6, (short) 0x0200)
                .putInt(8, back ? -1 : flow)
                .putShort(12, (short) 0x88b5);
        return frame;
    }

    /** The conversation a frame belongs to; its direction varies. */
    static int flow(long number) {
        return (int) (number % FLOWS);
    }

    /** Whether a frame is, to the last byte, the one its time says. */
    boolean isIntact(Frame frame) {
        byte[] expected = frame(frame.timestampNanos());
        return frame.originalLength() == expected.length + 4 && Arrays.equals(expected, frame.toByteArray());
    }
}
