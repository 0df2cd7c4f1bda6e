package io.ringtap.bench;

import io.ringtap.frame.Frame;
import io.ringtap.frame.FrameHandler;
import java.util.ArrayList;
import java.util.List;

/**
 * Notes which of mmsggen's numbered frames are missing, and when: the time stamp of the frame behind each gap. For a
 * worker of one thread and a source that is alone on the wire.
 */
public final class SequenceHandler implements FrameHandler {
    /** Where mmsggen and xdpgen write a frame's number, 64 bits, little-endian. */
    private static final int NUMBER_OFFSET = 42;

    private static final int MOST_GAPS_LISTED = 1_000;

    private final List<Gap> listed = new ArrayList<>();
    private long first = -1;
    private long firstNanos;
    private long last;
    private long received;
    private long gaps;

    private record Gap(long timestampNanos, long missing) {}

    @Override
    public void onFrame(Frame frame) {
        long number = Long.reverseBytes(frame.longAt(NUMBER_OFFSET));
        if (first < 0) {
            first = number;
            firstNanos = frame.timestampNanos();
        } else if (number != last + 1) {
            gaps++;
            if (listed.size() < MOST_GAPS_LISTED) {
                listed.add(new Gap(frame.timestampNanos(), number - last - 1));
            }
        }
        last = number;
        received++;
    }

    @Override
    public void onStop() {
        System.out.println("sequence first=" + first + " first_ns=" + firstNanos + " last=" + last + " received="
                + received + " gaps=" + gaps);
        listed.forEach(gap -> System.out.println("gap at_ns=" + gap.timestampNanos() + " missing=" + gap.missing()));
    }
}
