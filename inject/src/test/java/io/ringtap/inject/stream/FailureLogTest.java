package io.ringtap.inject.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringtap.inject.send.InjectResult;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class FailureLogTest {
    private static final long SECOND = FailureLog.OVER_AFTER.toNanos();

    private final List<String> lines = new ArrayList<>();
    private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 5);
    private final FailureLog log = new FailureLog("beacon", "ens192", lines::add, clock::get);

    @Test
    void shouldLogTheFirstFailureOfAKindAndItsEnd() {
        log.sent();
        log.failed(InjectResult.LINK_DOWN, 1, "send: Network is down");
        clock.addAndGet(10 * SECOND);
        log.failed(InjectResult.LINK_DOWN, 1, "send: Network is down");
        clock.addAndGet(SECOND);
        log.sent();
        log.sent();
        assertEquals(
                List.of(
                        "inject=beacon interface=ens192: a frame was not sent: the interface is down, or has no carrier"
                                + " (send: Network is down); further ones are counted as link_down",
                        "inject=beacon interface=ens192: frames are sent again after 2 that failed as link_down"),
                lines);
    }

    @Test
    void shouldLogOnceAKindThatComesAndGoes() {
        for (int i = 0; i < 10_000; i++) {
            log.failed(InjectResult.NO_BUFFER, 1, "");
            clock.addAndGet(SECOND / 1000);
            log.sent();
        }
        assertEquals(1, lines.size());
    }

    @Test
    void shouldTellKindsApartAndLogAKindThatComesBack() {
        log.failed(InjectResult.NO_BUFFER, 1, "");
        clock.addAndGet(SECOND - 1);
        log.failed(InjectResult.TOO_LONG, 1, "");
        clock.addAndGet(1);
        log.sent();
        log.failed(InjectResult.NO_BUFFER, 1, "");
        assertEquals(
                List.of("no_buffer", "too_long", "no_buffer", "no_buffer"),
                lines.stream().map(l -> l.substring(l.lastIndexOf(' ') + 1)).toList());
    }
}
