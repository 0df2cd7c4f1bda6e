package io.ringtap.handler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.ringtap.frame.Frame;
import io.ringtap.frame.HandlerSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LogHandlerTest {
    /** 2023-11-14T22:13:20.123456789Z. */
    private static final long TIME_NANOS = 1_700_000_000_123_456_789L;

    private final List<String> lines = new ArrayList<>();

    /** Settings with one number; takes down what it was asked for. */
    private static final class EveryKey implements HandlerSettings {
        private final long value;
        private String asked = "";

        EveryKey(long value) {
            this.value = value;
        }

        @Override
        public long number(String key, long fallback, long min, long max) {
            asked += key + " " + fallback + " " + min + " " + max;
            return value;
        }

        @Override
        public String text(String key, String fallback) {
            throw new AssertionError(key);
        }

        @Override
        public boolean flag(String key, boolean fallback) {
            throw new AssertionError(key);
        }

        @Override
        public Duration duration(String key, Duration fallback) {
            throw new AssertionError(key);
        }

        @Override
        public long bytes(String key, long fallback) {
            throw new AssertionError(key);
        }

        @Override
        public void problem(String key, String message) {
            throw new AssertionError(key);
        }
    }

    private LogHandler handler(HandlerSettings settings) {
        LogHandler handler = new LogHandler(settings, lines::add);
        handler.onStart(new Counted());
        return handler;
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
        LogHandler handler = handler(new EveryKey(3));
        for (int i = 0; i < 7; i++) {
            handler.onFrame(frame(60));
        }
        assertEquals(
                List.of(
                        "2023-11-14T22:13:20.123456789Z uplink frame 3 of thread 3: a6:a7:a8:a9:aa:ab >"
                                + " a0:a1:a2:a3:a4:a5, type 0xacad, 60 of 1514 bytes",
                        "2023-11-14T22:13:20.123456789Z uplink frame 6 of thread 3: a6:a7:a8:a9:aa:ab >"
                                + " a0:a1:a2:a3:a4:a5, type 0xacad, 60 of 1514 bytes"),
                lines);
    }

    @Test
    void shouldSayWhenAFrameIsCutBeforeItsAddresses() {
        LogHandler handler = handler(new EveryKey(1));
        handler.onFrame(frame(11));
        handler.onFrame(frame(12));
        assertEquals(
                List.of(
                        "2023-11-14T22:13:20.123456789Z uplink frame 1 of thread 3: cut before its addresses, type"
                                + " 0x0000, 11 of 1514 bytes",
                        "2023-11-14T22:13:20.123456789Z uplink frame 2 of thread 3: a6:a7:a8:a9:aa:ab >"
                                + " a0:a1:a2:a3:a4:a5, type 0x0000, 12 of 1514 bytes"),
                lines);
    }

    @Test
    void shouldReadItsOneKeyWithItsLimits() {
        EveryKey settings = new EveryKey(1);
        handler(settings);
        assertEquals("every 1000000 1 " + Long.MAX_VALUE, settings.asked);
    }

    @Test
    void shouldBeFoundByName() {
        assertEquals(Set.of("count", "log", "record"), BuiltInHandlers.BY_TYPE.keySet());
        assertInstanceOf(LogHandler.class, BuiltInHandlers.BY_TYPE.get("log").apply(HandlerSettings.none()));
        assertInstanceOf(
                CountHandler.class, BuiltInHandlers.BY_TYPE.get("count").apply(HandlerSettings.none()));
    }
}
