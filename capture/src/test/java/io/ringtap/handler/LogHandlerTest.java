package io.ringtap.handler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.ringtap.frame.Frame;
import io.ringtap.frame.HandlerSettings;
import io.ringtap.testkit.HandlerTrial;
import io.ringtap.testkit.TestContext;
import io.ringtap.testkit.TestSettings;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class LogHandlerTest {
    /** 2023-11-14T22:13:20.123456789Z. */
    private static final long TIME_NANOS = 1_700_000_000_123_456_789L;

    private final TestContext context = new TestContext("uplink", "w", 3);

    private HandlerTrial start(Object... settings) {
        return HandlerTrial.start(TestSettings.of(settings).make(LogHandler::new), context);
    }

    private static Frame frame(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (0xa0 + i);
        }
        return Frame.of(bytes, 1_514, TIME_NANOS, "uplink");
    }

    @Test
    void shouldLogEveryNthFrameInOneLine() {
        try (HandlerTrial trial = start("every", 3)) {
            trial.batch(Collections.nCopies(7, frame(60)));
            assertEquals(7, trial.delivered());
        }
        assertEquals(
                List.of(
                        "2023-11-14T22:13:20.123456789Z uplink frame 3 of thread 3: a6:a7:a8:a9:aa:ab >"
                                + " a0:a1:a2:a3:a4:a5, type 0xacad, 60 of 1514 bytes",
                        "2023-11-14T22:13:20.123456789Z uplink frame 6 of thread 3: a6:a7:a8:a9:aa:ab >"
                                + " a0:a1:a2:a3:a4:a5, type 0xacad, 60 of 1514 bytes"),
                context.logged());
    }

    @Test
    void shouldSayWhenAFrameIsCutBeforeItsAddresses() {
        try (HandlerTrial trial = start("every", 1)) {
            trial.frames(frame(11), frame(12));
            assertEquals(2, trial.delivered());
        }
        assertEquals(
                List.of(
                        "2023-11-14T22:13:20.123456789Z uplink frame 1 of thread 3: cut before its addresses, type"
                                + " 0x0000, 11 of 1514 bytes",
                        "2023-11-14T22:13:20.123456789Z uplink frame 2 of thread 3: a6:a7:a8:a9:aa:ab >"
                                + " a0:a1:a2:a3:a4:a5, type 0x0000, 12 of 1514 bytes"),
                context.logged());
    }

    @Test
    void shouldReadItsOneKeyWithItsLimits() {
        assertEquals(
                "every: must be from 1 to 9223372036854775807",
                assertThrows(IllegalArgumentException.class, () -> start("every", 0))
                        .getMessage());
        try (HandlerTrial trial = start()) {
            trial.batch(Collections.nCopies(999_999, frame(60)));
            assertEquals(0, context.logged().size());
            trial.frames(frame(60));
            assertEquals(1, context.logged().size());
        }
    }

    @Test
    void shouldBeFoundByName() {
        assertInstanceOf(LogHandler.class, BuiltInHandlers.BY_TYPE.get("log").apply(HandlerSettings.none()));
        assertInstanceOf(
                CountHandler.class, BuiltInHandlers.BY_TYPE.get("count").apply(HandlerSettings.none()));
    }
}
