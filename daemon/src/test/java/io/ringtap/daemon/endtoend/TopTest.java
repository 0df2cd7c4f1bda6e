package io.ringtap.daemon.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.capturefile.PcapWriter;
import io.ringtap.testnet.VethFixture;
import io.ringtap.testnet.VethPair;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
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

    @BeforeEach
    void start() throws IOException {
        daemon = RunningDaemon.start(folder, TOML);
        List<String> command = new ArrayList<>(List.of("#!/bin/sh\nexec"));
        Installation.here().java().forEach(word -> command.add("'" + word + "'"));
        script("ringtap", String.join(" ", command) + " \"$@\"\n");
        script("top", "#!/bin/sh\nexec ./ringtap top --socket '" + socket() + "'\n");
        tmux("new-session", "-d", "-x", "100", "-y", "30", "env -u NO_COLOR sh");
        type("PS1='> '; cd " + folder + "; stty -echoctl", "Enter");
        clear();
    }

    /** A prompt on an empty screen. */
    private void clear() {
        type("clear", "Enter");
        awaitScreen(text -> text.strip().equals(">"));
    }

    @AfterEach
    void end() {
        tmux("kill-server");
        daemon.close();
    }

    private void script(String name, String text) throws IOException {
        VethPair.run(
                "chmod", "+x", Files.writeString(folder.resolve(name), text).toString());
    }

    private Path socket() {
        return folder.resolve("control.sock");
    }

    private String tmux(String... arguments) {
        List<String> command = new ArrayList<>(
                List.of("tmux", "-f", "/dev/null", "-S", folder.resolve("tmux").toString()));
        command.addAll(List.of(arguments));
        return VethPair.run(command.toArray(String[]::new));
    }

    private void type(String... keys) {
        List<String> command = new ArrayList<>(List.of("send-keys"));
        command.addAll(List.of(keys));
        tmux(command.toArray(String[]::new));
    }

    /** Waits until the screen is as told, and gives its lines. */
    private List<String> awaitScreen(Predicate<String> told) {
        String[] screen = {""};
        try {
            VethPair.await(() -> {
                screen[0] = tmux("capture-pane", "-p");
                return told.test(screen[0]);
            });
        } catch (IllegalStateException e) {
            throw new AssertionError("the screen is " + screen[0], e);
        }
        return screen[0].lines().toList();
    }

    private void awaitText(String text) {
        awaitScreen(screen -> screen.contains(text));
    }

    /** Begins it; behind its end the shell says its exit code, and whether the terminal is set as before. */
    private void begin() {
        type("stty -g >before; ./top; code=$?; stty -g | cmp before && echo ended $code", "Enter");
        awaitText("capture uplink");
    }

    private void assertPutBack(int exitCode) {
        List<String> screen = awaitScreen(text -> text.contains("ended " + exitCode));
        assertTrue(screen.stream().noneMatch(line -> line.contains("capture uplink")), screen.toString());
        assertTrue(screen.getFirst().startsWith("> stty -g"), screen.toString()); // the screen that there was
        assertEquals("1", tmux("display-message", "-p", "#{cursor_flag}").strip());
        assertEquals("0", tmux("display-message", "-p", "#{alternate_on}").strip());
    }

    @Test
    void shouldShowWhatStatsTellsOnAScreenThatChangesAndPutTheTerminalBack() {
        begin();
        List<String> screen = awaitScreen(text -> text.contains("0x88b5") && text.contains("█"));
        assertEquals(30, screen.size());
        assertEquals("lost 0", screen.get(1));
        assertTrue(screen.stream().anyMatch(line -> line.startsWith("analysis on uplink") && line.contains("[")));
        assertTrue(screen.stream().anyMatch(line -> line.startsWith("  count ")), screen.toString());
        assertTrue(screen.stream().anyMatch(line -> line.startsWith("beacon on rt1")), screen.toString());
        type("?");
        awaitText("order of workers and handlers");
        type("x");
        awaitText("capture uplink");
        type("s");
        awaitText("s order: lag");
        type("c");
        awaitText("c capture: uplink");
        type("p");
        awaitText("standing still");
        type("p");
        awaitScreen(text -> !text.contains("standing still"));
        tmux("resize-window", "-x", "60", "-y", "12");
        List<String> small =
                awaitScreen(text -> text.lines().count() == 12 && text.contains("q end") && text.contains("lost 0"));
        assertTrue(small.getLast().startsWith("q end  s order: lag"), small.toString());
        type("Down", "Down");
        awaitScreen(text -> !text.contains("capture uplink  ")); // it has gone up
        tmux("resize-window", "-x", "100", "-y", "30");
        type("q");
        assertPutBack(0);
    }

    @Test
    void shouldPutTheTerminalBackOnCtrlCAndWhenKilled() {
        begin();
        type("C-c");
        assertPutBack(0);
        clear();
        begin();
        VethPair.run("pkill", "-TERM", "-f", "Main top --socket " + socket());
        assertPutBack(0);
    }

    @Test
    void shouldWaitForADaemonThatIsLostAndGoOnWithTheNext() {
        begin();
        daemon.close();
        awaitText("no daemon at ");
        daemon = RunningDaemon.start(folder, TOML);
        awaitScreen(text -> !text.contains("no daemon at ") && text.contains("capture uplink"));
        daemon.close();
        awaitText("no daemon at ");
        type("q");
        assertPutBack(0);
    }

    /** Long enough that any machine has a time to say how far it is: 20,000 frames, one a millisecond, which are ended early. */
    @Test
    void shouldSayHowMuchOfAFileIsRead() throws IOException {
        PcapWriter trace = new PcapWriter(ByteOrder.LITTLE_ENDIAN, true);
        for (int i = 0; i < 20_000; i++) {
            trace.frame(1_700_000_000_000_000_000L + i, new byte[200]);
        }
        Files.write(folder.resolve("trace.pcap"), trace.bytes());
        String file = "[[capture]]\nfile = \"trace.pcap\"\npace = \"1 kpps\"\n[control]\nsocket = \"file.sock\"\n";
        Files.writeString(folder.resolve("file.toml"), file);
        type("./ringtap run --config file.toml; echo ended $?", "Enter");
        List<String> screen = awaitScreen(text -> text.contains("reading trace.pcap: "));
        assertTrue(
                screen.stream().anyMatch(line -> line.matches(".*reading trace\\.pcap: \\d+ %, \\d+ s left")),
                screen.toString());
        type("C-c");
        List<String> ended = awaitScreen(text -> text.contains("ended 0"));
        assertTrue(ended.stream().noneMatch(line -> line.contains("reading")), ended.toString());
    }

    @Test
    void shouldPrintPlainTablesWhereThereIsNoScreen() throws IOException {
        for (String plainly : List.of("NO_COLOR=1 ./top", "TERM=dumb ./top", "./top | cat", "./top </dev/null")) {
            type(plainly, "Enter");
            awaitScreen(text -> text.contains("rates over the last") && text.contains("stage "));
            assertEquals("0", tmux("display-message", "-p", "#{alternate_on}").strip(), plainly);
            type("C-c");
            awaitScreen(text -> text.stripTrailing().endsWith(">"));
            clear();
        }
        daemon.close();
        type("./top; echo ended $?", "Enter");
        awaitText("ended 4"); // there is none to begin with
        assertFalse(tmux("capture-pane", "-p").contains("capture uplink"));
    }
}
