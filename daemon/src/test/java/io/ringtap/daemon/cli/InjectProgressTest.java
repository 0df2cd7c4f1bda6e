package io.ringtap.daemon.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.capturefile.PcapWriter;
import io.ringtap.capturefile.SampleFrames;
import io.ringtap.inject.config.InjectConfig;
import io.ringtap.inject.config.Schedule;
import io.ringtap.inject.replay.Replay;
import io.ringtap.inject.replay.ReplayFacts;
import io.ringtap.inject.template.FrameTemplate;
import io.ringtap.ledger.InjectCounts;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pcap4j.util.MacAddress;

class InjectProgressTest {
    private static final long SECOND = 1_000_000_000;
    private static final FrameTemplate FRAME =
            FrameTemplate.of(MacAddress.ETHER_BROADCAST_ADDRESS, Optional.empty(), 0x88b5, "00");

    private static InjectProgress of(InjectConfig.Builder stream) {
        return InjectProgress.of(stream.build(), true, false, System.err);
    }

    private static InjectConfig.Builder made(Schedule schedule) {
        return InjectConfig.builder("inject", "rt0", schedule, FRAME);
    }

    @Test
    void shouldTellTheTimeThatIsLeftByTheRate() {
        InjectProgress progress = of(made(new Schedule.Rate(1_000)).count(4_000));
        assertEquals("1,000 of 4,000 frames sent, 1,000 pps, 3 s left", progress.line(1_000, 0, SECOND));
        assertEquals(
                "1,900 of 4,000 frames sent, 100 failed, 1,000 pps, 2 s left", progress.line(1_900, 100, 2 * SECOND));
    }

    @Test
    void shouldSayThatAFileIsReadFirstOnlyToWhoWantsToKnow() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        InjectProgress.reading(Path.of("a.pcap"), false, false, out);
        InjectProgress.reading(Path.of("b.pcap"), true, false, out);
        InjectProgress.reading(Path.of("c.pcap"), false, true, out);
        assertEquals("reading b.pcap\nreading c.pcap\n", bytes.toString(StandardCharsets.UTF_8));
    }

    @Test
    void shouldSayThatATimeIsLeftUntilItIsOverAndTellLongOnesInMinutesAndHours() {
        InjectProgress progress = of(made(new Schedule.Rate(1)).count(100_000));
        assertTrue(progress.line(1, 0, SECOND).endsWith(", 27 h 47 min left"));
        assertTrue(progress.line(95_000, 0, 95_000 * SECOND).endsWith(", 84 min left"));
        assertTrue(progress.line(99_950, 0, 99_950 * SECOND + 1).endsWith(", 50 s left"));
        assertTrue(progress.line(99_999, 0, 100_000 * SECOND - SECOND / 4).endsWith(", 1 s left"));
    }

    @Test
    void shouldTellTheTimeThatIsLeftByTheDurationIfThatEndsItFirst() {
        InjectProgress progress =
                of(made(new Schedule.Rate(1_000)).count(1_000_000).duration(Duration.ofSeconds(10)));
        assertEquals("1,000 of 1,000,000 frames sent, 1,000 pps, 9 s left", progress.line(1_000, 0, SECOND));
    }

    @Test
    void shouldTellTheTimeThatIsLeftByTheTimesOfTheFile(@TempDir Path folder) throws Exception {
        Path file = Files.write(
                folder.resolve("trace.pcap"),
                new PcapWriter(ByteOrder.LITTLE_ENDIAN, true)
                        .frame(0, SampleFrames.arp())
                        .frame(60 * SECOND, SampleFrames.arp())
                        .bytes());
        InjectProgress progress =
                of(InjectConfig.builder("inject", "rt0", new Schedule.Original(2), ReplayFacts.read(Replay.of(file))));
        assertEquals("1 of 2 frames sent, 0 pps, 20 s left", progress.line(1, 0, 10 * SECOND));
    }

    @Test
    void shouldTellTheTimeThatIsLeftByWhatIsSentWhereThereIsNoPace() {
        InjectProgress progress = of(made(new Schedule.TopSpeed()).count(4_000));
        assertEquals("1,000 of 4,000 frames sent, 500 pps, 6 s left", progress.line(1_000, 0, 2 * SECOND));
    }

    @Test
    void shouldTellNoTimeThatIsLeftWhereThereIsNoEnd() {
        assertEquals("10 frames sent, 10 pps", of(made(new Schedule.Rate(10))).line(10, 0, SECOND));
    }

    @Test
    void shouldWriteALineEachSecondWhereThereIsNoTerminal() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        InjectProgress progress = InjectProgress.of(
                made(new Schedule.Rate(10)).build(), true, false, new PrintStream(out, true, StandardCharsets.UTF_8));
        for (int tenth = 1; tenth <= 25; tenth++) {
            progress.look(new InjectCounts("inject", "rt0", tenth, 0, new TreeMap<>()), tenth * SECOND / 10);
        }
        progress.end();
        assertEquals("10 frames sent, 10 pps\n20 frames sent, 10 pps\n", out.toString(StandardCharsets.UTF_8));
    }
}
