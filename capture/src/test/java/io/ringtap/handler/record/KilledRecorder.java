package io.ringtap.handler.record;

import io.ringtap.frame.Frame;
import io.ringtap.frame.FrameHandler;
import io.ringtap.testkit.TestContext;
import io.ringtap.testkit.TestSettings;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.LockSupport;

/**
 * A process that records until it is killed: frames of all lengths that hold the number of the run and their own, into files
 * that end every few milliseconds; every other run as fast as it goes, so that long writes are under way. Given a number of
 * frames, it stops in good order after them.
 */
final class KilledRecorder {
    /** EtherType for experiments, then run and sequence number. */
    static final int TYPE_OFFSET = 12;

    static final int RUN_OFFSET = 14;
    static final int SEQUENCE_OFFSET = 18;

    private static final int SHORTEST = 60;
    private static final int LENGTHS = 1_455;
    private static final int AT_ONCE = 20;

    private KilledRecorder() {}

    @SuppressWarnings("SystemOut")
    public static void main(String[] arguments) throws Exception {
        int run = Integer.parseInt(arguments[1]);
        long most = Long.parseLong(arguments[2]);
        boolean fast = run % 2 == 1;
        FrameHandler handler = TestSettings.of(
                        "folder",
                        arguments[0],
                        "file-size",
                        fast ? 1 << 21 : 1 << 16,
                        "compress",
                        arguments[3],
                        "index",
                        arguments[3].equals("none"))
                .make(RecordHandler::new);
        handler.onStart(new TestContext("killed", "w", 0));
        System.out.println("recording");
        for (long sequence = 0; sequence < most; sequence++) {
            byte[] bytes = new byte[SHORTEST + (int) (sequence * 7 % LENGTHS)];
            ByteBuffer.wrap(bytes)
                    .putShort(TYPE_OFFSET, (short) 0x88b5)
                    .putInt(RUN_OFFSET, run)
                    .putLong(SEQUENCE_OFFSET, sequence);
            handler.onFrame(Frame.of(bytes, bytes.length, System.currentTimeMillis() * 1_000_000, "killed"));
            if (!fast && sequence % AT_ONCE == 0) {
                handler.onBatchEnd();
                LockSupport.parkNanos(1_000_000);
            }
        }
        handler.onStop();
    }
}
