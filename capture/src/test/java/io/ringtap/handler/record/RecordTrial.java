package io.ringtap.handler.record;

import io.ringtap.capturefile.RecordedFolder;
import io.ringtap.frame.CaptureFacts;
import io.ringtap.frame.Frame;
import io.ringtap.ledger.CaptureCounts;
import io.ringtap.ledger.CaptureState;
import io.ringtap.ledger.GapCounts;
import io.ringtap.testkit.HandlerTrial;
import io.ringtap.testkit.TestContext;
import io.ringtap.testkit.TestSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Random;

/**
 * Record handlers under trial that write to one folder, what they are told of their capture, and frames for them.
 *
 * @param path the folder, which need not be there
 * @param folder what is in it
 * @param context of the handlers that are given no other
 */
record RecordTrial(Path path, RecordedFolder folder, TestContext context) {
    /** 2023-11-14T22:13:20.123456789Z. */
    static final long START_NANOS = 1_700_000_000_123_456_789L;

    static final int SNAPLEN = 2_000;

    static RecordTrial in(Path path) {
        return new RecordTrial(path, new RecordedFolder(path), new TestContext("uplink", "w", 0));
    }

    HandlerTrial start(Object... keysAndValues) {
        return startIn(context, keysAndValues);
    }

    HandlerTrial startIn(TestContext where, Object... keysAndValues) {
        return HandlerTrial.start(settings(keysAndValues).make(RecordHandler::new), where);
    }

    TestSettings settings(Object... keysAndValues) {
        List<Object> all = new ArrayList<>(List.of("folder", path.toString()));
        all.addAll(List.of(keysAndValues));
        return TestSettings.of(all.toArray());
    }

    static Frame frame(int length, long nanos) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        if (length > 13) {
            bytes[12] = (byte) 0x88; // a type that tshark looks no further behind
            bytes[13] = (byte) 0xb5;
        }
        return Frame.of(bytes, length, nanos, "uplink");
    }

    /** Frames a millisecond apart. */
    static List<Frame> frames(int count, int length) {
        List<Frame> frames = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            frames.add(frame(length, START_NANOS + i * 1_000_000L));
        }
        return frames;
    }

    static CaptureFacts facts(String filter) {
        CaptureCounts counts = new CaptureCounts(
                "uplink",
                "ens192",
                CaptureState.RUNNING,
                1_000_000_007L,
                6_000_000_005L,
                0,
                OptionalLong.of(3),
                90,
                0,
                0,
                0,
                0,
                0,
                OptionalDouble.empty(),
                GapCounts.NONE);
        return new CaptureFacts("uplink", "ens192", SNAPLEN, filter, 1, () -> counts);
    }

    /** The names of files without the letter of their zone. */
    static List<String> stripZone(List<String> names) {
        return names.stream().map(name -> name.replace("Z-", "-")).toList();
    }
}
