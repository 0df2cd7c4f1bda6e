package io.ringtap.daemon.endtoend;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.capturefile.PcapWriter;
import io.ringtap.testnet.FarSender;
import io.ringtap.testnet.VethFixture;
import io.ringtap.testnet.VethPair;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What commands that take over two seconds say meanwhile on a real terminal, and that nothing of it is left there. */
@Tag("live")
class TerminalProgressTest extends VethFixture {
    private static final long START_NANOS = 1_700_000_000_000_000_000L;

    @TempDir
    private Path folder;

    private Terminal terminal;

    @BeforeEach
    void open() throws IOException {
        terminal = Terminal.open(folder);
    }

    @AfterEach
    void close() {
        terminal.close();
    }

    private static byte[] trace(int frames) {
        PcapWriter trace = new PcapWriter(ByteOrder.LITTLE_ENDIAN, true);
        for (int i = 0; i < frames; i++) {
            trace.frame(START_NANOS + i, new byte[200]);
        }
        return trace.bytes();
    }

    private void assertEnded(String code, String gone) {
        List<String> ended = terminal.awaitText("ended " + code);
        assertTrue(ended.stream().noneMatch(line -> line.contains(gone)), ended.toString());
    }

    private static void assertSome(List<String> screen, String pattern) {
        assertTrue(screen.stream().anyMatch(line -> line.matches(pattern)), screen.toString());
    }

    /** Long enough that any machine has a time to say how far it is: 20,000 frames, one a millisecond, which are ended early. */
    @Test
    void shouldSayHowMuchOfAFileIsRead() throws IOException {
        Files.write(folder.resolve("trace.pcap"), trace(20_000));
        String file = "[[capture]]\nfile = \"trace.pcap\"\npace = \"1 kpps\"\n[control]\nsocket = \"file.sock\"\n";
        Files.writeString(folder.resolve("file.toml"), file);
        terminal.type("./ringtap run --config file.toml; echo ended $?", "Enter");
        assertSome(terminal.awaitText("reading trace.pcap: "), ".*reading trace\\.pcap: \\d+ %, \\d+ s left");
        terminal.type("C-c");
        assertEnded("0", "reading");
    }

    /** However fast the machine is, it is stopped in the midst of the file for longer than nothing is said. */
    @Test
    void shouldSayHowMuchOfAFileIsVerified() throws Exception {
        byte[] trace = trace(100_000);
        try (OutputStream out = Files.newOutputStream(folder.resolve("trace.pcap"))) {
            out.write(trace);
            for (int i = 0; i < 15; i++) {
                out.write(trace, 24, trace.length - 24);
            }
        }
        Path output = terminal.keepOutput();
        terminal.type(
                "sh -c './ringtap verify trace.pcap; echo ended $?'", "Enter"); // which tells nobody of stopped jobs
        VethPair.await(() -> reader() != 0);
        long pid = reader();
        VethPair.run("kill", "-STOP", Long.toString(pid));
        Thread.sleep(Duration.ofSeconds(3));
        VethPair.run("kill", "-CONT", Long.toString(pid));
        assertEnded("1", "reading"); // there is no mark in any of these frames
        String written = Files.readString(output);
        assertTrue(written.matches("(?s).*reading trace\\.pcap: \\d+ %, \\d+ s left.*"), written);
    }

    /** The process that has begun to read the trace; 0 for none. */
    private long reader() {
        return ProcessHandle.allProcesses()
                .mapToLong(ProcessHandle::pid)
                .filter(this::isReading)
                .findFirst()
                .orElse(0);
    }

    private boolean isReading(long pid) {
        try (Stream<Path> files = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            for (Path file : files.toList()) {
                if (Files.readSymbolicLink(file).equals(folder.toRealPath().resolve("trace.pcap"))) {
                    String info = Files.readString(Path.of("/proc/" + pid + "/fdinfo/" + file.getFileName()));
                    return Long.parseLong(info.lines().findFirst().orElseThrow().replaceAll("\\D+", "")) > 1 << 20;
                }
            }
        } catch (IOException e) {
            return false; // it has ended
        }
        return false;
    }

    @Test
    void shouldSayHowManyFramesAStopStillHasToHandle() throws Exception {
        Path awake = folder.resolve("awake");
        String sleepy = """
                [daemon]
                stop-timeout = "1 min"
                [[capture]]
                name = "uplink"
                interface = "rt0"
                filter = "udp"
                [[worker]]
                name = "sleepy"
                delivery = "detach"
                [[worker.handler]]
                type = "%s"
                until = "%s"
                """.formatted(SleepingHandler.class.getName(), awake);
        try (RunningDaemon daemon = RunningDaemon.start(folder, sleepy);
                FarSender far = new FarSender()) {
            far.sendUdp(100, 200, 0);
            daemon.await("captures", "uplink", "published", 100);
            terminal.type("./ringtap stop --socket control.sock; echo ended $?", "Enter");
            assertSome(terminal.awaitText("stopping: "), ".*stopping: 100 frames still to handle.*");
            Files.createFile(awake);
            assertEnded("0", "stopping");
        }
    }

    @Test
    void shouldSayHowManyFramesAreSent() {
        terminal.type("frame=02005e00530202005e00530188b5" + "00".repeat(46), "Enter");
        terminal.clear();
        terminal.type("./ringtap inject -i rt1 --hex $frame --rate '100 pps' --count 1000; echo ended $?", "Enter");
        assertSome(terminal.awaitText(" of 1,000 frames sent"), ".*\\d+ of 1,000 frames sent, \\d+ pps, \\d+ s left.*");
        terminal.type("C-c");
        assertEnded("0", " s left");
    }
}
