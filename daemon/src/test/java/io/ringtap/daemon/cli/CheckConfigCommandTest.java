package io.ringtap.daemon.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.testnet.VethPair;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckConfigCommandTest {
    private static final String AS_FIRST_WRITTEN = """
            [[capture]]
            name = "uplink"
            interface = "rt0"
            mode = "low-latency"
            snaplen = 250000
            buffer = "5 MB"
            """;

    @TempDir
    private Path folder;

    /** What it prints behind its first line, which must say that the file is in order. */
    private List<String> check(String toml) throws IOException {
        List<String> lines = print(toml, ExitCode.DONE);
        assertTrue(lines.getFirst().startsWith(file() + ": ok: 1 capture, 1 worker, 0 inject streams"));
        return lines.subList(1, lines.size());
    }

    private Path file() {
        return folder.resolve("ringtap.toml");
    }

    private List<String> print(String toml, int expectedCode, String... options) throws IOException {
        Files.writeString(file(), toml);
        List<String> arguments = new ArrayList<>(List.of("check-config", file().toString()));
        arguments.addAll(List.of(options));
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream before = System.out;
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            int code = RingtapCommand.commandLine(new StopSignal()).execute(arguments.toArray(String[]::new));
            assertEquals(expectedCode, code);
        } finally {
            System.setOut(before);
        }
        return printed.toString(StandardCharsets.UTF_8).lines().toList();
    }

    @Test
    @Tag("live")
    void shouldSayWhatTheRingHoldsAndWhatToChangeWithoutOpeningTheInterface() throws IOException {
        try (VethPair pair = VethPair.open()) {
            pair.set(VethPair.NEAR, false); // it could not be opened
            List<String> lines = check(AS_FIRST_WRITTEN);
            assertEquals(
                    "capture uplink: a kernel ring of 9.6 MiB in low-latency mode with snaplen 250000 holds 77 frames of 200"
                            + " bytes: 0.22 ms at 350,000/s",
                    lines.getFirst());
            assertTrue(lines.get(1).startsWith("warning: capture uplink: 77 frames, 0.22 ms"), lines.get(1));
            assertTrue(lines.get(1).contains("use snaplen = 1980 and buffer = \"35 MiB\""), lines.get(1));
            assertEquals(3, lines.size());

            VethPair.run("ethtool", "-K", VethPair.NEAR, "tso", "off", "gso", "off", "gro", "off");
            assertTrue(check(AS_FIRST_WRITTEN).getFirst().contains("holds 3,124 frames"));
        }
    }

    @Test
    void shouldSayWhatItAssumesOfAnInterfaceThatIsNotHere() throws IOException {
        List<String> lines = check("""
                [[capture]]
                interface = "nosuch0"
                mode = "low-latency"
                expect = "100 kpps"
                """);
        assertEquals(
                List.of("capture nosuch0: a kernel ring of 64.0 MiB in low-latency mode with snaplen 1980 holds 32,768"
                        + " frames of 200 bytes: 328 ms at 100,000/s (interface nosuch0 is not here: an MTU of 1500, with"
                        + " offloads, is assumed)"),
                lines);
    }

    @Test
    void shouldWarnOfCpusThatAreNotHere() throws IOException {
        List<String> lines = check("""
                [[capture]]
                interface = "nosuch0"
                cpu = [0]
                [[worker]]
                cpu = [8191]
                [[worker.handler]]
                type = "count"
                """);
        assertEquals(2, lines.size());
        assertTrue(
                lines.getLast().startsWith("warning: worker default: cpu = [8191]: CPU 8191 cannot be used: "),
                lines.getLast());
    }

    @Test
    void shouldSayThatATunnelComesToOneRingUnlessRingsShareWhatIsInside() throws IOException {
        String rings = "[[capture]]\ninterface = \"nosuch0\"\nthreads = 4\n";
        List<String> lines = check(rings);
        assertEquals(2, lines.size());
        assertEquals(
                "capture nosuch0: its 4 kernel rings share frames by their outer headers, so that those of one tunnel all come"
                        + " to one ring; fanout = [\"inner\"] shares them by what is inside",
                lines.getLast());
        assertEquals(1, check(rings + "fanout = [\"inner\"]\n").size());
    }

    @Test
    void shouldSayNothingOfTheRingOfAFile() throws IOException {
        assertEquals(List.of(), check("[[capture]]\nfile = \"a.pcap\"\n"));
    }

    @Test
    void shouldSayAsJsonWhereAndWhatIsWrong() throws IOException {
        List<String> lines = print("""
                [[capture]]
                interface = "nosuch0"
                buffer = "1 KiB"
                [contrl]
                """, ExitCode.BAD_USAGE, "--json");
        assertEquals(
                List.of("{\"file\":\"" + file() + "\",\"ok\":false,\"problems\":["
                        + "{\"line\":3,\"column\":1,\"key\":\"capture.buffer\","
                        + "\"message\":\"must be from 64 KiB to 2047 MiB, not \\\"1 KiB\\\"\"},"
                        + "{\"line\":4,\"column\":1,\"key\":\"contrl\","
                        + "\"message\":\"unknown table (did you mean control?)\"}]}"),
                lines);
    }

    @Test
    void shouldSayAsJsonWhatIsWrongWithTheFileAsAWhole() throws IOException {
        List<String> lines = print("", ExitCode.BAD_USAGE, "--json");
        assertEquals(
                List.of("{\"file\":\"" + file() + "\",\"ok\":false,\"problems\":[{\"key\":\"capture\","
                        + "\"message\":\"there must be a [[capture]], or an [[inject]] at least\"}]}"),
                lines);
    }

    @Test
    void shouldSayAsJsonWhatItRemarksOnAFileThatIsInOrder() throws IOException {
        List<String> lines = print("""
                [[capture]]
                interface = "nosuch0"
                mode = "low-latency"
                snaplen = 250000
                buffer = "5 MB"
                """, ExitCode.DONE, "--json");
        String begin =
                "{\"file\":\"" + file() + "\",\"ok\":true,\"captures\":1,\"workers\":1,\"injects\":0,\"remarks\":["
                        + "{\"warning\":false,\"text\":\"capture nosuch0: a kernel ring of ";
        assertEquals(1, lines.size());
        assertEquals(begin, lines.getFirst().substring(0, begin.length()));
        assertTrue(lines.getFirst().contains("},{\"warning\":true,\"text\":\"capture nosuch0: "), lines.getFirst());
    }

    @Test
    void shouldSayAsJsonWhatIsWrongWithPlugIns() throws IOException {
        Path plugins = folder.resolve("none");
        List<String> lines = print(
                "[[capture]]\ninterface = \"nosuch0\"\n",
                ExitCode.BAD_USAGE,
                "--json",
                "--plugins",
                plugins.toString());
        String begin = "{\"file\":\"" + file() + "\",\"ok\":false,\"problems\":[{\"message\":\"";
        assertEquals(1, lines.size());
        assertEquals(begin, lines.getFirst().substring(0, begin.length()));
        assertTrue(lines.getFirst().contains(plugins.toString()), lines.getFirst());
    }
}
