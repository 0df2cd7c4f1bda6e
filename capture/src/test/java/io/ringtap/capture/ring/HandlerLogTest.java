package io.ringtap.capture.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringtap.frame.HandlerContext;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.slf4j.event.Level;

@ResourceLock(Resources.SYSTEM_ERR)
class HandlerLogTest {
    private static final long SECOND = 1_000_000_000;

    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private final PrintStream before = System.err;
    private long now = Long.MAX_VALUE - SECOND / 2; // the clock may wrap
    private final HandlerLog log = new HandlerLog("worker w handler h", () -> now);

    @BeforeEach
    void redirect() {
        System.setErr(new PrintStream(output, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void restore() {
        System.setErr(before);
    }

    private List<String> logged() {
        return output.toString(StandardCharsets.UTF_8)
                .lines()
                .map(line -> line.replaceFirst("^\\[.*?] ", "").replace("io.ringtap.handler - ", ""))
                .toList();
    }

    @Test
    void shouldSayWhoLogsAndKeepALineOneLine() {
        log.log(Level.INFO, "seen {} \r\nERROR forged\u0007");
        log.log(Level.WARN, "odd");
        log.end();
        assertEquals(
                List.of("INFO worker w handler h: seen {} ??ERROR forged?", "WARN worker w handler h: odd"), logged());
    }

    @Test
    void shouldLeaveOutWhatIsMoreThanSoManyLinesInASecondAndTellHowMany() {
        for (int i = 0; i < 1_000_000; i++) {
            log.log(Level.INFO, "line " + i);
        }
        assertEquals(HandlerContext.LINES_A_SECOND, logged().size());
        assertEquals("INFO worker w handler h: line 9", logged().getLast());
        now += SECOND - 1;
        log.log(Level.INFO, "too soon");
        assertEquals(HandlerContext.LINES_A_SECOND, logged().size());
        now += 1;
        log.log(Level.INFO, "again");
        assertEquals("INFO worker w handler h: again (lines left out before this one: 999991)", logged().getLast());
        log.log(Level.INFO, "more");
        assertEquals("INFO worker w handler h: more", logged().getLast());
    }

    @Test
    void shouldTellInTheEndWhatWasLeftOutLast() {
        for (int i = 0; i < 15; i++) {
            log.log(Level.INFO, "line " + i);
        }
        log.end();
        log.end();
        assertEquals(HandlerContext.LINES_A_SECOND + 1, logged().size());
        assertEquals("INFO worker w handler h: lines left out at its end: 5", logged().getLast());
    }
}
