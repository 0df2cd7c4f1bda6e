package io.ringtap.daemon.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.testnet.VethFixture;
import io.ringtap.testnet.VethPair;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The screen of {@code ringtap top} on a real terminal, tmux's. Takes some seconds: starts a daemon and a terminal for each test. */
@Tag("live")
class TopTest extends VethFixture {
    private static final String TOML = """
            [[capture]]
            name = "uplink"
            interface = "rt0"
            [[worker]]
            name = "analysis"
            [[worker.handler]]
            type = "count"
            [[worker.handler]]
            type = "flows"
            [[inject]]
            name = "beacon"
            interface = "rt1"
            every = "10 ms"
            [inject.frame]
            destination = "02:00:5e:00:53:02"
            ethertype = 0x88b5
            payload = "01 02"
            """;

    @TempDir
    private Path folder;

    private RunningDaemon daemon;
    private Terminal terminal;

    @BeforeEach
    void start() throws IOException {
        daemon = RunningDaemon.start(folder, TOML);
        terminal = Terminal.open(folder);
        terminal.script("top", "#!/bin/sh\nexec ./ringtap top --socket '" + socket() + "'\n");
    }

    @AfterEach
    void end() {
        terminal.close();
        daemon.close();
    }

    private Path socket() {
        return folder.resolve("control.sock");
    }

    /** Begins it; behind its end the shell says its exit code, and whether the terminal is set as before. */
    private void begin() {
        terminal.type("stty -g >before; ./top; code=$?; stty -g | cmp before && echo ended $code", "Enter");
        terminal.awaitText("capture uplink");
    }

    private void assertPutBack(int exitCode) {
        List<String> screen = terminal.awaitScreen(text -> text.contains("ended " + exitCode));
        assertTrue(screen.stream().noneMatch(line -> line.contains("capture uplink")), screen.toString());
        assertTrue(screen.getFirst().startsWith("> stty -g"), screen.toString()); // the screen that there was
        assertEquals(
                "1", terminal.tmux("display-message", "-p", "#{cursor_flag}").strip());
        assertEquals(
                "0", terminal.tmux("display-message", "-p", "#{alternate_on}").strip());
    }

    @Test
    void shouldShowWhatStatsTellsOnAScreenThatChangesAndPutTheTerminalBack() {
        begin();
        List<String> screen = terminal.awaitScreen(text -> text.contains("0x88b5") && text.contains("█"));
        assertEquals(30, screen.size());
        assertEquals("lost 0", screen.get(1));
        assertTrue(screen.stream().anyMatch(line -> line.startsWith("analysis on uplink") && line.contains("[")));
        assertTrue(screen.stream().anyMatch(line -> line.startsWith("  count ")), screen.toString());
        assertTrue(screen.stream().anyMatch(line -> line.startsWith("beacon on rt1")), screen.toString());
        terminal.type("?");
        terminal.awaitText("order of workers and handlers");
        terminal.type("x");
        terminal.awaitText("capture uplink");
        terminal.type("s");
        terminal.awaitText("s order: lag");
        terminal.type("c");
        terminal.awaitText("c capture: uplink");
        terminal.type("p");
        terminal.awaitText("standing still");
        terminal.type("p");
        terminal.awaitScreen(text -> !text.contains("standing still"));
        terminal.tmux("resize-window", "-x", "60", "-y", "12");
        List<String> small = terminal.awaitScreen(
                text -> text.lines().count() == 12 && text.contains("q end") && text.contains("lost 0"));
        assertTrue(small.getLast().startsWith("q end  s order: lag"), small.toString());
        terminal.type("Down", "Down");
        terminal.awaitScreen(text -> !text.contains("capture uplink  ")); // it has gone up
        terminal.tmux("resize-window", "-x", "100", "-y", "30");
        terminal.type("q");
        assertPutBack(0);
    }

    @Test
    void shouldPutTheTerminalBackOnCtrlCAndWhenKilled() {
        begin();
        terminal.type("C-c");
        assertPutBack(0);
        terminal.clear();
        begin();
        VethPair.run("pkill", "-TERM", "-f", "Main top --socket " + socket());
        assertPutBack(0);
    }

    @Test
    void shouldWaitForADaemonThatIsLostAndGoOnWithTheNext() {
        begin();
        daemon.close();
        terminal.awaitText("no daemon at ");
        daemon = RunningDaemon.start(folder, TOML);
        terminal.awaitScreen(text -> !text.contains("no daemon at ") && text.contains("capture uplink"));
        daemon.close();
        terminal.awaitText("no daemon at ");
        terminal.type("q");
        assertPutBack(0);
    }

    @Test
    void shouldPrintPlainTablesWhereThereIsNoScreen() throws IOException {
        for (String plainly : List.of("NO_COLOR=1 ./top", "TERM=dumb ./top", "./top | cat", "./top </dev/null")) {
            terminal.type(plainly, "Enter");
            terminal.awaitScreen(text -> text.contains("rates over the last") && text.contains("stage "));
            assertEquals(
                    "0",
                    terminal.tmux("display-message", "-p", "#{alternate_on}").strip(),
                    plainly);
            terminal.type("C-c");
            terminal.awaitScreen(text -> text.stripTrailing().endsWith(">"));
            terminal.clear();
        }
        daemon.close();
        terminal.type("./top; echo ended $?", "Enter");
        terminal.awaitText("ended 4"); // there is none to begin with
        assertFalse(terminal.screen().contains("capture uplink"));
    }
}
