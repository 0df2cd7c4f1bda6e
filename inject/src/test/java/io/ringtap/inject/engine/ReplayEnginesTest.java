package io.ringtap.inject.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.capture.OpenException;
import io.ringtap.capturefile.PcapWriter;
import io.ringtap.capturefile.SampleFiles;
import io.ringtap.inject.InjectLoop;
import io.ringtap.inject.config.Engine;
import io.ringtap.inject.config.InjectConfig;
import io.ringtap.inject.config.InjectConfig.Start;
import io.ringtap.inject.config.Schedule;
import io.ringtap.inject.kernel.ReopeningInjector;
import io.ringtap.inject.mmsg.MmsgInjector;
import io.ringtap.inject.pcap.PcapInjector;
import io.ringtap.inject.replay.Replay;
import io.ringtap.inject.replay.Replay.CutFrames;
import io.ringtap.inject.replay.Replay.LongFrames;
import io.ringtap.inject.replay.Replay.ShortFrames;
import io.ringtap.inject.replay.ReplayFacts;
import io.ringtap.inject.replay.ReplayFrames;
import io.ringtap.inject.replay.Rewrite;
import io.ringtap.inject.send.FrameInjector;
import io.ringtap.inject.send.InjectResult;
import io.ringtap.inject.send.StreamSender;
import io.ringtap.inject.stream.StreamCommand;
import io.ringtap.ledger.InjectCounts;
import io.ringtap.testnet.FarCapture;
import io.ringtap.testnet.VethPair;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A file's frames, whatever sends them: checked where they arrive. */
@Tag("live")
class ReplayEnginesTest {
    private static final int NUMBER_AT = 14;
    private static final int LOOP = 97;
    private static final int[] LENGTHS = {60, 1514, 590};

    /** 2 MiB: frames lie in two chunks of memory, and a third for what is left. */
    private static final int FRAMES = 3_000;

    @TempDir
    private Path folder;

    private static byte[] frame(int number, int length) {
        ByteBuffer frame = ByteBuffer.allocate(length);
        frame.put(new byte[] {2, 0, 0x5e, 0, 0x53, 2, 2, 0, 0x5e, 0, 0x53, 1, (byte) 0x88, (byte) 0xb5});
        frame.putInt(NUMBER_AT, number);
        frame.put(length - 1, (byte) number);
        return frame.array();
    }

    private static int number(byte[] frame) {
        return ByteBuffer.wrap(frame).getInt(NUMBER_AT);
    }

    /** A file of frames that are numbered from 0. */
    private ReplayFacts file(int frames, IntUnaryOperator lengthOf, long loops) throws Exception {
        PcapWriter file = new PcapWriter(ByteOrder.LITTLE_ENDIAN, true);
        for (int i = 0; i < frames; i++) {
            file.frame(SampleFiles.START_NANOS + i * 1_000L, frame(i, lengthOf.applyAsInt(i)));
        }
        Path path = Files.write(folder.resolve("trace.pcap"), file.bytes());
        return ReplayFacts.read(new Replay(path, loops, Rewrite.NONE, CutFrames.REFUSE, LongFrames.COUNT));
    }

    private static FrameInjector open(Engine engine) throws OpenException {
        return switch (engine) {
            case SENDPACKET -> PcapInjector.open(VethPair.NEAR);
            case MMSG, MMSG_BYPASS -> MmsgInjector.open(VethPair.NEAR, engine == Engine.MMSG_BYPASS);
            case XDP -> throw new IllegalArgumentException(engine + " does not replay");
        };
    }

    private static InjectConfig.Builder stream(Schedule schedule, ReplayFacts file) {
        return InjectConfig.builder("replay", VethPair.NEAR, schedule, file);
    }

    private static InjectLoop start(FrameInjector injector, InjectConfig.Builder stream) throws OpenException {
        return InjectLoop.start(injector, List.of(stream.build()), _ -> () -> 0);
    }

    private static InjectCounts counts(InjectLoop loop) {
        return loop.counts().getFirst();
    }

    private static long tried(InjectLoop loop) {
        return counts(loop).sent() + counts(loop).failed();
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "XDP")
    void shouldSendEveryFrameOfAFileThatTakesMoreMemoryThanIsSentFromAtOnce(Engine engine) throws Exception {
        ReplayFacts file = file(FRAMES, i -> LENGTHS[i % LENGTHS.length], 2);
        long sent;
        try (VethPair _ = VethPair.open();
                FarCapture far = FarCapture.start(folder)) {
            try (InjectLoop loop = start(open(engine), stream(new Schedule.Rate(100_000), file))) {
                VethPair.await(() -> tried(loop) == 2 * FRAMES);
                assertEquals(2 * FRAMES, accountedFor(counts(loop)));
                sent = counts(loop).sent();
            }
            List<byte[]> frames = far.frames((int) sent);
            assertEquals(sent, frames.size());
            int last = -1;
            for (byte[] frame : frames) {
                int next = last + 1 + Math.floorMod(number(frame) - (last + 1), FRAMES); // but for those without room
                assertTrue(next < 2 * FRAMES, next + " after " + last);
                assertArrayEquals(
                        frame(next % FRAMES, LENGTHS[next % FRAMES % LENGTHS.length]), frame, "frame " + next);
                last = next;
            }
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "XDP")
    void shouldCountTheFramesThatAreTooShortByACauseOfTheirOwn(Engine engine) throws Exception {
        PcapWriter file = new PcapWriter(ByteOrder.LITTLE_ENDIAN, true);
        for (int i = 0; i < 100; i++) {
            file.frame(0, frame(i, 60)).frame(0, new byte[0]).frame(0, new byte[13]);
        }
        ReplayFacts facts = ReplayFacts.read(new Replay(
                Files.write(folder.resolve("runts.pcap"), file.bytes()),
                1,
                Rewrite.NONE,
                CutFrames.REFUSE,
                LongFrames.REFUSE,
                ShortFrames.COUNT,
                Optional.empty()));
        try (VethPair _ = VethPair.open();
                InjectLoop loop = start(open(engine), stream(new Schedule.TopSpeed(), facts))) {
            VethPair.await(() -> tried(loop) == 300);
            assertEquals(
                    200, counts(loop).failures().get("too_short"), counts(loop).toString());
            assertEquals(100, accountedFor(counts(loop)));
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "XDP")
    void shouldCountTheFramesThatAreTooLongAndSendAllOthersInTheirOrder(Engine engine) throws Exception {
        ReplayFacts file = file(1_000, i -> i % 7 == 3 ? 1_600 : 60, 1);
        long sent;
        try (VethPair _ = VethPair.open();
                FarCapture far = FarCapture.start(folder)) {
            try (InjectLoop loop = start(open(engine), stream(new Schedule.TopSpeed(), file))) {
                VethPair.await(() -> tried(loop) == 1_000);
                assertEquals(143, counts(loop).failures().get("too_long"));
                assertEquals(857, accountedFor(counts(loop)));
                sent = counts(loop).sent();
            }
            List<byte[]> frames = far.frames((int) sent);
            assertEquals(sent, frames.size());
            int last = -1;
            for (byte[] frame : frames) {
                assertTrue(number(frame) > last && number(frame) % 7 != 3, number(frame) + " after " + last);
                last = number(frame);
            }
        }
    }

    /** Frames that were sent, or found no room, as may be where the far end comes late; no other may be lost. */
    private static long accountedFor(InjectCounts counts) {
        assertTrue(counts.sent() > 0, counts.toString());
        return counts.sent() + counts.failures().getOrDefault("no_buffer", 0L);
    }

    /** Memory is given back when its last frame is left behind: until then all that was taken from it must be sent. */
    @Test
    void shouldSendFramesTogetherOnlyFromTheSameMemory() throws Exception {
        ReplayFacts file = file(1_000, _ -> 1514, 1);
        try (VethPair _ = VethPair.open();
                FrameInjector injector = open(Engine.MMSG);
                ReplayFrames frames = ReplayFrames.open(file, "replay");
                ReplayFrames twin = ReplayFrames.open(file, "twin")) {
            int inFirst = 0;
            do {
                twin.advance();
                inFirst++;
            } while (!twin.isLastInMemory());
            assertTrue(inFirst % 64 != 0 && inFirst < 1_000, inFirst + " frames");
            StreamSender sender = injector.sender(frames);
            Told told = new Told();
            while (told.sent < 1_000) {
                sender.send(Math.min(64, 1_000 - told.sent), told);
            }
            assertTrue(told.sums.contains(inFirst), inFirst + " in " + told.sums);
        }
    }

    @Test
    void shouldLeaveOutWhatWasTakenTogetherAndIsNotToBeSent() throws Exception {
        ReplayFacts file = file(20, i -> i == 3 ? 1_600 : 60, 1);
        try (VethPair _ = VethPair.open();
                FarCapture far = FarCapture.start(folder);
                FrameInjector injector = open(Engine.MMSG);
                ReplayFrames frames = ReplayFrames.open(file, "replay")) {
            StreamSender sender = injector.sender(frames);
            Told told = new Told();
            sender.send(10, told);
            assertEquals(3, told.sent);
            sender.skip(8); // seven that were taken with the three, and another one
            sender.send(2, told);
            assertEquals(5, told.sent);
            assertEquals(
                    List.of(0, 1, 2, 11, 12),
                    far.frames(5).stream().map(ReplayEnginesTest::number).toList());
        }
    }

    private static final class Told implements StreamSender.Outcomes {
        private final List<Integer> sums = new ArrayList<>();
        private int sent;

        @Override
        public void sent(int frames) {
            sent += frames;
            sums.add(sent);
        }

        @Override
        public void failed(InjectResult why, int frames, String detail) {
            throw new AssertionError(why + " " + detail);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"SENDPACKET", "MMSG"})
    void shouldGoOnWithTheNextFrameOnAnInterfaceThatComesBack(Engine engine) throws Exception {
        ReplayFacts file = file(LOOP, _ -> 60, 0);
        try (VethPair pair = VethPair.open();
                InjectLoop loop = start(returning(engine), stream(new Schedule.Rate(2_000), file))) {
            sendThenRemove(pair, loop);
            pair.create();
            sendThenRemove(pair, loop);
            assertGoesOnInOrder(pair, loop, 0);
        }
    }

    private static void sendThenRemove(VethPair pair, InjectLoop loop) {
        long sent = counts(loop).sent();
        VethPair.await(() -> counts(loop).sent() > sent + 50);
        pair.remove();
        long failed = counts(loop).failed();
        VethPair.await(() -> counts(loop).failed() > failed + 100);
    }

    @ParameterizedTest
    @EnumSource(names = {"SENDPACKET", "MMSG"})
    void shouldBeginWithTheFirstFrameWhenItIsStartedWhileTheInterfaceIsAway(Engine engine) throws Exception {
        ReplayFacts file = file(LOOP, _ -> 60, 0);
        try (VethPair pair = VethPair.open();
                InjectLoop loop = start(
                        returning(engine),
                        stream(new Schedule.Rate(2_000), file).start(Start.MANUAL))) {
            loop.command("replay", new StreamCommand.Start()).get();
            VethPair.await(() -> counts(loop).sent() > 50);
            pair.remove();
            VethPair.await(() -> counts(loop).failed() > 100);
            loop.command("replay", new StreamCommand.Stop()).get();
            long before = tried(loop);
            loop.command("replay", new StreamCommand.Start()).get();
            VethPair.await(() -> tried(loop) > before + 100);
            assertGoesOnInOrder(pair, loop, before);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"SENDPACKET", "MMSG"})
    void shouldCountWhatFallsDueBeforeTheInterfaceIsThereAtAll(Engine engine) throws Exception {
        ReplayFacts file = file(LOOP, _ -> 60, 0);
        try (VethPair pair = VethPair.open()) {
            pair.remove();
            try (InjectLoop loop = start(returning(engine), stream(new Schedule.Rate(2_000), file))) {
                VethPair.await(() -> counts(loop).failed() > 100);
                assertEquals(
                        Map.of("missing", counts(loop).failed()), counts(loop).failures());
                assertGoesOnInOrder(pair, loop, 0);
            }
        }
    }

    private static FrameInjector returning(Engine engine) throws OpenException {
        return ReopeningInjector.open(VethPair.NEAR, engine, () -> open(engine));
    }

    /** What is sent when the interface comes back arrives in order, and its last frame is the one whose turn it was. */
    private void assertGoesOnInOrder(VethPair pair, InjectLoop loop, long before) throws Exception {
        long sentBefore = counts(loop).sent();
        pair.createFarUp();
        try (FarCapture far = FarCapture.start(folder)) {
            pair.set(VethPair.NEAR, true);
            VethPair.await(() -> counts(loop).sent() > sentBefore + 200);
            loop.command("replay", new StreamCommand.Stop()).get();
            int sent = (int) (counts(loop).sent() - sentBefore);
            List<byte[]> frames = far.frames(sent);
            assertEquals(sent, frames.size());
            int last = number(frames.getLast());
            assertEquals((tried(loop) - before - 1) % LOOP, last);
            for (int i = frames.size() - 1; i >= 0; i--, last = (last + LOOP - 1) % LOOP) {
                assertEquals(last, number(frames.get(i)), "frame " + i + " of " + frames.size());
            }
        }
    }
}
