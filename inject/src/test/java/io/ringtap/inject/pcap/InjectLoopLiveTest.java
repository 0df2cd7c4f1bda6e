package io.ringtap.inject.pcap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.frame.Frame;
import io.ringtap.frame.FrameSender;
import io.ringtap.inject.InjectLoop;
import io.ringtap.inject.config.InjectConfig;
import io.ringtap.inject.config.Schedule;
import io.ringtap.inject.mark.Mark;
import io.ringtap.inject.mark.MarkReader;
import io.ringtap.inject.template.CompiledTemplate;
import io.ringtap.inject.template.Content;
import io.ringtap.inject.template.Field;
import io.ringtap.inject.template.FieldValue;
import io.ringtap.inject.template.FrameLengths;
import io.ringtap.inject.template.FrameTemplate;
import io.ringtap.inject.template.Layer;
import io.ringtap.inject.template.Target;
import io.ringtap.inject.template.Variation;
import io.ringtap.ledger.InjectCounts;
import io.ringtap.testnet.VethPair;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pcap4j.util.MacAddress;

@Tag("live")
class InjectLoopLiveTest {

    /** A stop that takes so long hangs. */
    private static final Duration LONG = Duration.ofMinutes(2);

    private static final MacAddress DESTINATION = MacAddress.getByName("aa:bb:cc:dd:ee:ff");
    private static final Optional<MacAddress> SOURCE = Optional.of(MacAddress.getByName("00:11:22:33:44:55"));
    private static final FrameTemplate BEACON =
            FrameTemplate.of(DESTINATION, SOURCE, 0x88b5, "01 02 03 04 05 06 07 08 09 0a");

    private final AtomicLong published = new AtomicLong();

    @Test
    void shouldSendABeaconThatTsharkDecodesAsConfigured(@TempDir Path folder) throws Exception {
        try (VethPair _ = VethPair.open();
                FarEnd far = FarEnd.take(3, folder);
                InjectLoop loop = start(stream("beacon", new Schedule.Every(Duration.ofMillis(20)), 3, BEACON))) {
            List<String> beacon =
                    List.of("aa:bb:cc:dd:ee:ff", "00:11:22:33:44:55", "0x88b5", "0102030405060708090a", "24");
            assertEquals(
                    List.of(beacon, beacon, beacon),
                    far.fields("eth.dst", "eth.src", "eth.type", "data.data", "frame.len"));
            VethPair.await(() -> counts(loop, "beacon").sent() == 3);
        }
    }

    @Test
    void shouldSendFromTheInterfacesOwnAddressWhereNoneIsConfigured(@TempDir Path folder) throws Exception {
        try (VethPair _ = VethPair.open()) {
            VethPair.run("ip", "link", "set", VethPair.NEAR, "address", "02:0a:0b:0c:0d:0e");
            FrameTemplate template = FrameTemplate.of(DESTINATION, Optional.empty(), 0x88b5, "");
            try (FarEnd far = FarEnd.take(1, folder);
                    InjectLoop loop = start(stream("beacon", new Schedule.Rate(50), 1, template))) {
                assertEquals(List.of(List.of("02:0a:0b:0c:0d:0e", "14")), far.fields("eth.src", "frame.len"));
                assertEquals(1, loop.counts().size());
            }
        }
    }

    @Test
    void shouldPutOnTheLinkEveryFrameOfAStreamThatVariesAsItIsMeant(@TempDir Path folder) throws Exception {
        Map<Field, FieldValue> fields = Map.of(
                Field.DESTINATION, FieldValue.of(DESTINATION),
                Field.IPV4_SOURCE, Field.IPV4_SOURCE.text("192.0.2.1"),
                Field.IPV4_DESTINATION, Field.IPV4_DESTINATION.text("192.0.2.2"),
                Field.UDP_SOURCE_PORT, FieldValue.of(1000),
                Field.UDP_DESTINATION_PORT, FieldValue.of(2000));
        FrameTemplate template = new FrameTemplate(
                EnumSet.of(Layer.ETHERNET, Layer.IPV4, Layer.UDP),
                fields,
                Content.NONE,
                new FrameLengths(List.of(80, 590, 1514), List.of(7, 4, 1)),
                List.of(new Variation.Counter(
                        new Target.Named(Field.UDP_SOURCE_PORT), FieldValue.of(1000), FieldValue.of(1006), 2)),
                Optional.of(new Mark(6, 4_294_967_200L, true)));
        CompiledTemplate expected = template.compile(DESTINATION);
        long before = Instant.now().getEpochSecond();
        try (VethPair _ = VethPair.open();
                FarEnd far = FarEnd.take(300, folder);
                InjectLoop loop = start(stream("varied", new Schedule.Rate(2000), 300, template))) {
            List<List<String>> rows = far.fields("frame.len", "udp.srcport", "udp.payload");
            MarkReader reader = new MarkReader();
            for (int i = 0; i < 300; i++) {
                List<String> row = rows.get(i);
                assertEquals(expected.bytes(i).length + "", row.get(0));
                assertEquals(1000 + i % 4 * 2 + "", row.get(1));
                byte[] frame = expected.bytes(i);
                System.arraycopy(HexFormat.of().parseHex(row.get(2)), 0, frame, 42, frame.length - 42);
                assertEquals(MarkReader.Result.WHOLE, reader.read(Frame.of(frame, frame.length, 0, "far")));
                assertEquals(4_294_967_200L + i, reader.sequence());
                assertEquals(6, reader.stream());
                long sent = reader.timeNanos() / 1_000_000_000;
                assertTrue(before <= sent && sent <= Instant.now().getEpochSecond(), "sent at " + sent);
            }
            VethPair.await(() -> counts(loop, "varied").sent() == 300);
        }
    }

    @Test
    void shouldPutOnTheLinkExactlyOneFrameForEachMultipleAndEveryFrameOfAHandler(@TempDir Path folder)
            throws Exception {
        int frames = 12_345 / 100 + 500;
        try (VethPair _ = VethPair.open();
                FarEnd far = FarEnd.take(frames + 1, folder)) {
            InjectLoop loop = start(stream("mark", new Schedule.EveryFrames(100, "uplink"), 0, BEACON));
            FrameSender sender = loop.sender();
            byte[] answer = template("02").compile(DESTINATION).bytes(0);
            for (int i = 0; i < 12_345; i++) {
                published.incrementAndGet();
                loop.wake();
                if (i < 500) {
                    assertTrue(sender.send(answer));
                }
            }
            assertTrue(loop.stop(LONG));
            assertEquals(123, counts(loop, "mark").sent());
            assertEquals(500, counts(loop, "handlers").sent());
            try (PcapInjector end = PcapInjector.open(VethPair.NEAR)) {
                end.inject(template("ff").compile(DESTINATION).bytes(0));
            }
            List<String> payloads =
                    far.fields("data.data").stream().map(List::getFirst).toList();
            assertEquals(123, Collections.frequency(payloads, "0102030405060708090a"));
            assertEquals(500, Collections.frequency(payloads, "02"));
            assertEquals(1, Collections.frequency(payloads, "ff")); // instead of one that should not be there
        }
    }

    @Test
    void shouldKeepARateOfAThousandWithoutDrift() throws Exception {
        try (VethPair _ = VethPair.open()) {
            long before = System.nanoTime();
            InjectLoop loop = start(stream("steady", new Schedule.Rate(1000), 0, BEACON));
            long after = System.nanoTime();
            VethPair.await(() -> {
                long atLeast = (System.nanoTime() - after) / 1_000_000;
                long sent = counts(loop, "steady").sent();
                long atMost = (System.nanoTime() - before) / 1_000_000;
                assertTrue(sent <= atMost, sent + " frames in " + atMost + " ms");
                // Some are due, and not yet counted. A thread that comes late catches up; with a drift it never does.
                return sent >= 5_000 && sent >= atLeast - 5;
            });
            assertTrue(loop.stop(LONG));
            assertEquals(0, counts(loop, "steady").failed());
        }
    }

    @Test
    void shouldCountFramesAsFailedWhileTheLinkIsDownAndSendAgainWhenItIsUp() throws Exception {
        try (VethPair pair = VethPair.open();
                InjectLoop loop = start(stream("beacon", new Schedule.Rate(500), 0, BEACON))) {
            VethPair.await(() -> counts(loop, "beacon").sent() > 10);
            pair.set(VethPair.NEAR, false);
            VethPair.await(() -> counts(loop, "beacon").failed() > 10);
            pair.set(VethPair.NEAR, true);
            long sent = counts(loop, "beacon").sent();
            VethPair.await(() -> counts(loop, "beacon").sent() > sent + 10);
            InjectCounts counts = counts(loop, "beacon");
            assertEquals(Map.of("link_down", counts.failed()), counts.failures());
        }
    }

    @Test
    void shouldCountFramesAsOtherWithoutSpinningWhenTheInterfaceIsRemovedAndStillStop() throws Exception {
        try (VethPair pair = VethPair.open()) {
            InjectLoop loop = start(stream("beacon", new Schedule.Rate(100), 0, BEACON));
            pair.remove();
            VethPair.await(() -> others(loop) >= 10);
            long failed = others(loop);
            long done = loop.progress().position();
            VethPair.await(() -> others(loop) >= failed + 50);
            long turns = loop.progress().position() - done;
            long frames = counts(loop, "beacon").failed() - failed;
            assertTrue(turns <= 10 * frames, turns + " turns and frames for " + frames + " frames");
            assertTrue(loop.stop(LONG));
        }
    }

    @Test
    void shouldStopWithinABoundOnALinkThatTakesNothing() throws Exception {
        try (VethPair _ = VethPair.open()) {
            VethPair.slowDown("8bit", "2kb", "100000000");
            InjectLoop loop =
                    start(stream("mark", new Schedule.EveryFrames(1, "uplink"), 0, template("00".repeat(1400))));
            published.set(5000);
            loop.wake();
            VethPair.await(() -> counts(loop, "mark").failures().containsKey("no_buffer"));
            assertEquals(false, loop.stop(Duration.ofMillis(300)));
            VethPair.await(
                    () -> counts(loop, "mark").sent() + counts(loop, "mark").failed() == 5000);
            assertTrue(counts(loop, "mark").failures().get("stopped") > 4000); // each of them would have taken 0.1 s
        }
    }

    private InjectLoop start(InjectConfig... streams) throws Exception {
        return InjectLoop.start(PcapInjector.open(VethPair.NEAR), List.of(streams), capture -> published::get);
    }

    private static InjectConfig stream(String name, Schedule schedule, long count, FrameTemplate template) {
        return InjectConfig.builder(name, VethPair.NEAR, schedule, template)
                .count(count)
                .build();
    }

    private static FrameTemplate template(String payload) {
        return FrameTemplate.of(DESTINATION, SOURCE, 0x88b5, payload);
    }

    private static long others(InjectLoop loop) {
        return counts(loop, "beacon").failures().getOrDefault("other", 0L);
    }

    private static InjectCounts counts(InjectLoop loop, String name) {
        return loop.counts().stream()
                .filter(c -> c.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
