package io.ringtap.daemon.systemd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class JournalStreamTest {
    private final ByteArrayOutputStream journal = new ByteArrayOutputStream();
    private final PrintStream err = new PrintStream(
            new JournalStream(new PrintStream(journal, true, StandardCharsets.UTF_8)), true, StandardCharsets.UTF_8);

    private List<String> lines() {
        return journal.toString(StandardCharsets.UTF_8).lines().toList();
    }

    @Test
    void shouldPutAPriorityInPlaceOfTheLevel() {
        err.println("ERROR Daemon - it broke");
        err.println("WARN Tap - a slot of 2,048 bytes wastes half a page");
        err.println("INFO Tap - capture µ on ens192");
        err.println("DEBUG Tap - x");
        err.println("TRACE Tap - y");
        assertEquals(
                List.of(
                        "<3>Daemon - it broke",
                        "<4>Tap - a slot of 2,048 bytes wastes half a page",
                        "<6>Tap - capture µ on ens192",
                        "<7>Tap - x",
                        "<7>Tap - y"),
                lines());
    }

    @Test
    void shouldGiveAStackTraceThePriorityOfItsLine() {
        err.println("WARN handler - worker analysis: it threw");
        new IllegalStateException("on purpose").printStackTrace(err);
        err.println("INFO Daemon - goes on");
        List<String> lines = lines();
        assertEquals("<4>java.lang.IllegalStateException: on purpose", lines.get(1));
        assertTrue(lines.get(2).startsWith("<4>\tat io.ringtap."), lines.get(2));
        assertTrue(lines.subList(0, lines.size() - 1).stream().allMatch(l -> l.startsWith("<4>")));
        assertEquals("<6>Daemon - goes on", lines.getLast());
    }

    @Test
    void shouldTakeWhatACommandSaysForAnError() {
        err.println("/etc/ringtap/ringtap.toml:3:1: capture.bufer: unknown key");
        err.println("INFO Daemon - x");
        err.println("ringtap: ens192: no such device");
        assertEquals(
                List.of(
                        "<3>/etc/ringtap/ringtap.toml:3:1: capture.bufer: unknown key",
                        "<6>Daemon - x",
                        "<3>ringtap: ens192: no such device"),
                lines());
    }

    @Test
    void shouldWriteALineOnlyWhenItIsWhole() {
        err.print("INFO Tap - half");
        err.flush();
        assertEquals(List.of(), lines());
        err.println(" and half");
        assertEquals(List.of("<6>Tap - half and half"), lines());
    }

    @Test
    void shouldKnowTheJournalByItsDeviceAndInode() throws IOException {
        Path err2 = Path.of("/proc/self/fd/2");
        String own = Files.getAttribute(err2, "unix:dev") + ":" + Files.getAttribute(err2, "unix:ino");
        assertTrue(JournalStream.isStandardError(own));
        assertFalse(JournalStream.isStandardError(own + "1"));
        assertFalse(JournalStream.isStandardError(""));
        assertFalse(JournalStream.isStandardError(null));
    }
}
