package io.ringtap.daemon.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.capture.LineLimit;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.attribute.UserPrincipal;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

@ResourceLock(Resources.SYSTEM_ERR)
class CallLogTest {
    private static final long MINUTE = 60_000_000_000L;

    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private final PrintStream before = System.err;
    private long now = Long.MAX_VALUE - MINUTE / 2; // the clock may wrap
    private final CallLog log = new CallLog(() -> now);

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
                .filter(line -> line.contains("control: "))
                .map(line -> line.replaceFirst("^.*?(INFO|WARN).* - ", "$1 ")
                        .replaceFirst("^.*?(INFO|WARN) control - ", "$1 "))
                .toList();
    }

    private static UserPrincipal user(String name) throws IOException {
        return FileSystems.getDefault().getUserPrincipalLookupService().lookupPrincipalByName(name);
    }

    @Test
    void shouldTellEachCallThatChangesSomethingWithTheUsersNumber() throws IOException {
        for (int i = 0; i < 50; i++) {
            log.asked("stream-start \"a\"", user("root"), true);
        }
        assertEquals(50, logged().size());
        assertEquals("INFO control: stream-start \"a\" by user root (uid 0)", logged().getFirst());
    }

    @Test
    void shouldTellSoManyRefusedOnesAMinuteAndCountTheRest() throws IOException {
        for (int i = 0; i < 1_000; i++) {
            log.asked("reload", user("daemon"), false);
        }
        assertEquals(LineLimit.LINES_A_MINUTE, logged().size());
        assertEquals("WARN control: reload by user daemon (uid 1): refused", logged().getFirst());
        now += MINUTE;
        log.failed("stats", new IllegalStateException("on purpose"));
        assertTrue(
                logged().getLast()
                        .startsWith("WARN control: the call stats failed (lines left out before this one: 990)"),
                logged().getLast());
    }
}
