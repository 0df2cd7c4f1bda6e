package io.ringtap.daemon.verify;

import io.ringtap.frame.Frame;
import io.ringtap.frame.FrameHandler;
import io.ringtap.inject.mark.MarkReader;
import java.util.ArrayList;
import java.util.List;

/** Counts the marked frames of a capture by stream. Its counts are to be read when the capture has ended. */
public final class MarkCheck implements FrameHandler {
    /** More are taken for damage, or somebody's play: each takes some 100 KiB. */
    static final int MOST_STREAMS = 1024;

    private final MarkReader reader = new MarkReader();
    private final List<StreamCheck> streams = new ArrayList<>();
    private StreamCheck last;
    private long unmarked;
    private long strays;
    private long cut;

    @Override
    public void onFrame(Frame frame) {
        switch (reader.read(frame)) {
            case NONE -> unmarked++;
            case CUT -> cut++;
            case WHOLE -> {
                StreamCheck check = find(true);
                if (check == null) {
                    strays++;
                } else {
                    check.receive(reader.sequence(), frame.timestampNanos() - reader.timeNanos());
                }
            }
            case DAMAGED -> {
                StreamCheck check = find(false);
                if (check == null) {
                    strays++;
                } else {
                    check.damage();
                }
            }
        }
    }

    private StreamCheck find(boolean make) {
        int stream = reader.stream();
        if (last != null && (int) last.stream() == stream) {
            return last;
        }
        for (StreamCheck check : streams) {
            if ((int) check.stream() == stream) {
                last = check;
                return check;
            }
        }
        if (!make || streams.size() == MOST_STREAMS) {
            return null;
        }
        StreamCheck check = new StreamCheck(stream);
        streams.add(check);
        last = check;
        return check;
    }

    /** The streams, in the order they were met. */
    public List<StreamCheck> streams() {
        return List.copyOf(streams);
    }

    /** Frames without a mark. */
    public long unmarked() {
        return unmarked;
    }

    /** Damaged frames that name no stream that is known, and streams beyond {@value #MOST_STREAMS}. */
    public long strays() {
        return strays;
    }

    /** Marked frames of which too little was captured to check them. */
    public long cut() {
        return cut;
    }

    /** Returns whether there were marked frames, and every one of every stream came once, in order, undamaged. */
    public boolean isWhole() {
        return !streams.isEmpty() && strays == 0 && cut == 0 && streams.stream().allMatch(StreamCheck::isWhole);
    }
}
