package io.ringtap.handler.flight;

import io.ringtap.frame.Frame;
import io.ringtap.frame.FrameHandler;
import io.ringtap.testkit.TestContext;
import io.ringtap.testkit.TestSettings;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;

/**
 * A process that dumps all the time until it is killed: frames of all lengths, numbered. Given a number of frames, it stops in
 * good order after them.
 */
final class KilledFlight {
    private static final int SHORTEST = 60;
    private static final int LENGTHS = 1_455;
    private static final int BATCH = 20;

    private KilledFlight() {}

    @SuppressWarnings("SystemOut")
    public static void main(String[] arguments) throws Exception {
        long most = Long.parseLong(arguments[1]);
        FlightRecorders recorders = new FlightRecorders();
        FrameHandler handler = TestSettings.of(
                        "folder", arguments[0], "memory", 16 << 20, "sync", false, "after", Duration.ofMillis(200))
                .make(FlightRecorderHandler::new);
        TestContext context = new TestContext("killed", "w", 0).sharing(FlightRecorders.class, recorders);
        handler.onStart(context);
        System.out.println("flying");
        for (long number = 0; number < most; number++) {
            context.pass(Duration.ofMillis(1));
            byte[] bytes = new byte[SHORTEST + (int) (number * 7 % LENGTHS)];
            ByteBuffer.wrap(bytes).putShort(12, (short) 0x88b5).putLong(FlightTrial.NUMBER_OFFSET, number);
            handler.onFrame(Frame.of(bytes, bytes.length, context.epochNanos(), "killed"));
            if (number % BATCH == 0) {
                handler.onBatchEnd();
                recorders.dump("flight-recorder", Optional.empty(), "dump", "the test", Optional.empty());
                Thread.sleep(1);
            }
        }
        handler.onStop();
    }
}
