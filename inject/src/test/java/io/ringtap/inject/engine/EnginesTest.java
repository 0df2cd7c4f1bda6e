package io.ringtap.inject.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.capture.OpenException;
import io.ringtap.inject.InjectLoop;
import io.ringtap.inject.config.Engine;
import io.ringtap.inject.config.InjectConfig;
import io.ringtap.inject.config.InjectConfig.Start;
import io.ringtap.inject.config.Schedule;
import io.ringtap.inject.mark.Mark;
import io.ringtap.inject.mmsg.MmsgInjector;
import io.ringtap.inject.pcap.PcapInjector;
import io.ringtap.inject.send.FrameInjector;
import io.ringtap.inject.send.InjectResult;
import io.ringtap.inject.send.StreamSender;
import io.ringtap.inject.stream.StreamCommand;
import io.ringtap.inject.template.CompiledTemplate;
import io.ringtap.inject.template.Content;
import io.ringtap.inject.template.Field;
import io.ringtap.inject.template.FieldValue;
import io.ringtap.inject.template.FrameLengths;
import io.ringtap.inject.template.FrameTemplate;
import io.ringtap.inject.template.Layer;
import io.ringtap.inject.template.Target;
import io.ringtap.inject.template.Variation;
import io.ringtap.inject.xdp.XdpInjector;
import io.ringtap.inject.xdp.XdpRights;
import io.ringtap.ledger.GapCounts;
import io.ringtap.ledger.InjectCounts;
import io.ringtap.testnet.FarCapture;
import io.ringtap.testnet.VethPair;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.pcap4j.util.MacAddress;

/** The same streams give the same frames and the same counts, whatever sends them. */
@Tag("live")
class EnginesTest {
    private static final MacAddress DESTINATION = MacAddress.getByName("02:00:5e:00:53:02");

    /** All of them fit into any queue on their way, so that none is lost however late the other side comes. */
    private static final int FRAMES = 190;

    /** What a stream may send in a turn of the loop. */
    private static final int TURN = 64;

    @ParameterizedTest
    @EnumSource(Engine.class)
    void shouldSendEveryFrameOfAStreamAsItsTemplateSays(Engine engine, @TempDir Path folder) throws Exception {
        FrameTemplate template = udp(
                new FrameLengths(List.of(60, 590, 1514), List.of(7, 4, 1)),
                Optional.empty(),
                new Variation.Counter(
                        new Target.Named(Field.IPV4_SOURCE), FieldValue.of(0x0a000001), FieldValue.of(0x0a0000fa), 3),
                new Variation.Random(
                        new Target.Named(Field.UDP_SOURCE_PORT), FieldValue.of(1024), FieldValue.of(50_000), 7),
                new Variation.Values(
                        new Target.Bytes(42, 3), List.of(FieldValue.of(0x010203), FieldValue.of(0xfffefd))),
                new Variation.Sequence(new Target.Bytes(45, 8), 0xffff_fff0L));
        try (VethPair _ = VethPair.open();
                FarCapture far = FarCapture.start(folder)) {
            if (engine == Engine.XDP && XdpRights.areRefused()) {
                return;
            }
            CompiledTemplate expected;
            try (InjectLoop loop = start(engine, template)) {
                VethPair.await(() -> tried(loop) == FRAMES);
                InjectCounts counts = counts(loop);
                assertEquals(
                        new InjectCounts(
                                "stream", VethPair.NEAR, FRAMES, 0, new TreeMap<>(), GapCounts.NONE, counts.pace()),
                        counts);
                expected = template.compile(DESTINATION);
            }
            List<byte[]> frames = far.frames(FRAMES);
            for (int i = 0; i < Math.min(FRAMES, frames.size()); i++) {
                assertEquals(hex(expected.bytes(i)), hex(frames.get(i)), "frame " + i);
            }
            assertEquals(FRAMES, frames.size());
        }
    }

    @ParameterizedTest
    @EnumSource(Engine.class)
    void shouldMarkFramesWithNumbersTimesAndChecksThatAReceiverFindsRight(Engine engine, @TempDir Path folder)
            throws Exception {
        FrameTemplate template = udp(FrameLengths.of(200), Optional.of(new Mark(9, (1L << 32) - FRAMES / 2, true)));
        try (VethPair _ = VethPair.open();
                FarCapture far = FarCapture.start(folder)) {
            if (engine == Engine.XDP && XdpRights.areRefused()) {
                return;
            }
            long before = System.currentTimeMillis();
            try (InjectLoop loop = start(engine, template)) {
                VethPair.await(() -> tried(loop) == FRAMES);
                assertEquals(FRAMES, counts(loop).sent());
            }
            long after = System.currentTimeMillis();
            List<byte[]> frames = far.frames(FRAMES);
            assertEquals(FRAMES, frames.size());
            CompiledTemplate expected = template.compile(DESTINATION);
            for (int i = 0; i < FRAMES; i++) {
                ByteBuffer frame = ByteBuffer.wrap(frames.get(i));
                long sentNanos = frame.getLong(200 - Mark.BYTES + Mark.TIME_AT);
                assertEquals(hex(expected.bytes(i, sentNanos)), hex(frames.get(i)), "frame " + i);
                long sentMillis = sentNanos / 1_000_000;
                assertTrue(sentMillis >= before - 1 && sentMillis <= after + 1, "sent at " + sentNanos);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "XDP")
    void shouldSendByAnAlternativeNameHoweverLong(Engine engine, @TempDir Path folder) throws Exception {
        String name = "enp11s0f1np1-to-the-core";
        byte[] frame =
                udp(FrameLengths.of(60), Optional.empty()).compile(DESTINATION).bytes(0);
        try (VethPair _ = VethPair.open();
                FarCapture far = FarCapture.start(folder)) {
            VethPair.run("ip", "link", "property", "add", "dev", VethPair.NEAR, "altname", name);
            try (FrameInjector injector = engine == Engine.SENDPACKET
                    ? PcapInjector.open(name)
                    : MmsgInjector.open(name, engine == Engine.MMSG_BYPASS)) {
                assertEquals(InjectResult.SENT, injector.inject(frame));
                assertEquals(name, injector.interfaceName(), "as it was given");
                assertEquals(1_500, injector.mtuBytes());
                assertFalse(injector.isLinkDown());
            }
            assertEquals(1, far.frames(1).size());
        }
    }

    @ParameterizedTest
    @EnumSource(Engine.class)
    void shouldSendAFrameOfItsOwn(Engine engine, @TempDir Path folder) throws Exception {
        byte[] frame =
                udp(FrameLengths.of(60), Optional.empty()).compile(DESTINATION).bytes(0);
        try (VethPair _ = VethPair.open();
                FarCapture far = FarCapture.start(folder)) {
            if (engine == Engine.XDP && XdpRights.areRefused()) {
                return;
            }
            try (FrameInjector injector = open(engine)) {
                assertEquals(InjectResult.SENT, injector.inject(frame));
                assertEquals(InjectResult.TOO_LONG, injector.inject(Arrays.copyOf(frame, 1_519)), injector::failure);
                assertEquals(InjectResult.TOO_SHORT, injector.inject(new byte[13]), injector::failure);
                assertEquals(InjectResult.TOO_SHORT, injector.inject(new byte[0]), injector::failure);
            }
            List<byte[]> frames = far.frames(1);
            assertEquals(1, frames.size());
            assertEquals(hex(frame), hex(frames.getFirst()));
        }
    }

    @ParameterizedTest
    @EnumSource(Engine.class)
    void shouldCountFramesAsFailedWhileTheLinkIsDownAndSendAgainWhenItIsUp(Engine engine, @TempDir Path folder)
            throws Exception {
        FrameTemplate template = udp(FrameLengths.of(100), Optional.of(new Mark(9, 0, false)));
        InjectConfig config = stream(new Schedule.Rate(500), 0, template);
        long sentBefore;
        long sentAtUp;
        try (VethPair pair = VethPair.open();
                FarCapture far = FarCapture.start(folder)) {
            if (engine == Engine.XDP && XdpRights.areRefused()) {
                return;
            }
            InjectLoop loop = InjectLoop.start(open(engine), List.of(config), _ -> () -> 0);
            try (loop) {
                VethPair.await(() -> counts(loop).sent() > 10);
                sentBefore = counts(loop).sent();
                pair.set(VethPair.NEAR, false);
                VethPair.await(() -> counts(loop).failed() > 10);
                long sent = counts(loop).sent();
                long failed = counts(loop).failed();
                VethPair.await(() -> counts(loop).failed() > failed + 10);
                assertEquals(sent, counts(loop).sent(), "none counts as sent while it is down");
                pair.set(VethPair.NEAR, true);
                VethPair.awaitUp();
                sentAtUp = counts(loop).sent() + TURN; // and those of a turn that goes on by then
                VethPair.await(() -> counts(loop).sent() > sentAtUp + 10);
            }
            InjectCounts counts = counts(loop);
            assertEquals(Map.of("link_down", counts.failed()), counts.failures());
            long last = counts.sent() + counts.failed() - 1; // each that failed has used its number
            List<Long> came = far.framesTo(frame -> sequence(frame) == last).stream()
                    .map(EnginesTest::sequence)
                    .toList();
            // One hole: what failed, and what the kernel dropped without a word as it took the queue away and gave it
            // back.
            long hole = last + 1 - came.size();
            assertTrue(hole >= counts.failed(), hole + " did not come, " + counts);
            int before = 0;
            while (came.get(before) == before) {
                before++;
            }
            assertTrue(before >= sentBefore, "sent before it went down: " + sentBefore + ", came: " + before);
            for (int i = before; i < came.size(); i++) {
                assertEquals(i + hole, came.get(i));
            }
            assertTrue(
                    came.size() - before >= counts.sent() - sentAtUp, came.size() - before + " came then, " + counts);
        }
    }

    private static long sequence(byte[] frame) {
        return ByteBuffer.wrap(frame).getLong(100 - Mark.BYTES + Mark.SEQUENCE_AT);
    }

    @ParameterizedTest
    @EnumSource(Engine.class)
    void shouldCountExactlyTheFramesThatALoweredMtuNoLongerLetsThrough(Engine engine, @TempDir Path folder)
            throws Exception {
        FrameTemplate template = udp(new FrameLengths(List.of(60, 590), List.of()), Optional.empty());
        InjectConfig config = InjectConfig.builder("stream", VethPair.NEAR, new Schedule.Rate(200_000), template)
                .count(FRAMES)
                .start(Start.MANUAL)
                .engine(engine)
                .build();
        try (VethPair _ = VethPair.open();
                FarCapture far = FarCapture.start(folder)) {
            if (engine == Engine.XDP && XdpRights.areRefused()) {
                return;
            }
            try (InjectLoop loop = InjectLoop.start(open(engine), List.of(config), _ -> () -> 0)) {
                VethPair.run("ip", "link", "set", VethPair.NEAR, "mtu", "570"); // XDP allows 4 bytes more
                loop.command("stream", new StreamCommand.Start()).get();
                VethPair.await(() -> tried(loop) == FRAMES);
                assertEquals(Map.of("too_long", FRAMES / 2L), counts(loop).failures());
            }
            assertTrue(far.frames(FRAMES / 2).stream().allMatch(frame -> frame.length == 60));
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "XDP") // which does not wait: XdpInjectorTest
    void shouldWaitForRoomForABoundedTimeAndCountEachFrameThatFoundNone(Engine engine) throws Exception {
        CompiledTemplate template =
                udp(FrameLengths.of(1_400), Optional.empty()).compile(DESTINATION);
        try (VethPair pair = VethPair.open();
                FrameInjector injector = open(engine)) {
            StreamSender sender = injector.sender(template, System::nanoTime);
            fill(pair, engine);
            Map<String, Integer> told = new TreeMap<>();
            long before = System.nanoTime();
            for (int i = 0; i < 3; i++) {
                sender.send(1, new StreamSender.Outcomes() {
                    @Override
                    public void sent(int frames) {
                        told.merge("sent", frames, Integer::sum);
                    }

                    @Override
                    public void failed(InjectResult why, int frames, String detail) {
                        told.merge(why + " " + detail.replaceAll("^.*: ", ""), frames, Integer::sum);
                    }
                });
            }
            long took = System.nanoTime() - before;
            assertEquals(Map.of("NO_BUFFER No buffer space available", 3), told);
            assertTrue(took >= 3 * 10_000_000L, "gave up after " + took + " ns");
        }
    }

    /** Makes the kernel refuse every frame with ENOBUFS: by a queue that holds less than one, or, past it, without carrier. */
    private static void fill(VethPair pair, Engine engine) {
        if (engine == Engine.MMSG_BYPASS) {
            pair.set(VethPair.FAR, false);
        } else {
            VethPair.slowDown("8kbit", "100", "1000");
        }
    }

    private static InjectLoop start(Engine engine, FrameTemplate template) throws Exception {
        InjectConfig config = stream(new Schedule.Rate(200_000), FRAMES, template);
        return InjectLoop.start(open(engine), List.of(config), _ -> () -> 0);
    }

    private static InjectConfig stream(Schedule schedule, long count, FrameTemplate template) {
        return InjectConfig.builder("stream", VethPair.NEAR, schedule, template)
                .count(count)
                .build();
    }

    private static FrameInjector open(Engine engine) throws OpenException {
        if (engine == Engine.XDP) {
            VethPair.run("ethtool", "-K", VethPair.FAR, "gro", "on");
        }
        return switch (engine) {
            case SENDPACKET -> PcapInjector.open(VethPair.NEAR);
            case MMSG -> MmsgInjector.open(VethPair.NEAR, false);
            case MMSG_BYPASS -> MmsgInjector.open(VethPair.NEAR, true);
            case XDP -> XdpInjector.open(VethPair.NEAR);
        };
    }

    private static FrameTemplate udp(FrameLengths lengths, Optional<Mark> mark, Variation... variations) {
        Map<Field, FieldValue> fields = new EnumMap<>(Field.class);
        fields.put(Field.DESTINATION, FieldValue.of(DESTINATION));
        fields.put(Field.SOURCE, FieldValue.of(MacAddress.getByName("02:00:5e:00:53:01")));
        fields.put(Field.IPV4_SOURCE, FieldValue.of(0xc0000201L));
        fields.put(Field.IPV4_DESTINATION, FieldValue.of(0xc0000202L));
        fields.put(Field.UDP_SOURCE_PORT, FieldValue.of(5000));
        fields.put(Field.UDP_DESTINATION_PORT, FieldValue.of(5001));
        return new FrameTemplate(
                EnumSet.of(Layer.ETHERNET, Layer.IPV4, Layer.UDP),
                fields,
                Content.NONE,
                lengths,
                List.of(variations),
                mark);
    }

    private static long tried(InjectLoop loop) {
        return counts(loop).sent() + counts(loop).failed();
    }

    private static InjectCounts counts(InjectLoop loop) {
        return loop.counts().getFirst();
    }

    private static String hex(byte[] frame) {
        return HexFormat.of().formatHex(frame);
    }
}
