package io.ringtap.inject.mmsg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.capturefile.PcapWriter;
import io.ringtap.inject.kernel.Errno;
import io.ringtap.inject.kernel.RoomWait;
import io.ringtap.inject.replay.Replay;
import io.ringtap.inject.replay.Replay.CutFrames;
import io.ringtap.inject.replay.Replay.LongFrames;
import io.ringtap.inject.replay.ReplayFacts;
import io.ringtap.inject.replay.ReplayFrames;
import io.ringtap.inject.replay.Rewrite;
import io.ringtap.inject.send.InjectResult;
import io.ringtap.inject.send.StreamSender;
import io.ringtap.inject.template.CompiledTemplate;
import io.ringtap.testnet.FarCapture;
import io.ringtap.testnet.VethPair;
import java.io.File;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the engine holds, and how long it insists. */
@Tag("live")
class MmsgInjectorTest {
    private static final CompiledTemplate FRAME = CompiledTemplate.constant(new byte[60]);

    private static final StreamSender.Outcomes IGNORED = new StreamSender.Outcomes() {
        @Override
        public void sent(int frames) {}

        @Override
        public void failed(InjectResult why, int frames, String detail) {}
    };

    private static int descriptors() {
        return new File("/proc/self/fd").list().length;
    }

    @Test
    void shouldReleaseTheRingOfAStreamThatEndsBeforeItsInterfaceIsClosed() throws Exception {
        try (VethPair _ = VethPair.open();
                MmsgInjector injector = MmsgInjector.open(VethPair.NEAR, true)) {
            StreamSender stays = injector.sender(FRAME, () -> 0);
            int before = descriptors();
            for (int i = 0; i < 20; i++) {
                StreamSender sender = injector.sender(FRAME, () -> 0);
                sender.close();
                sender.close();
            }
            assertTrue(descriptors() <= before + 5, before + " descriptors, then " + descriptors());
            int[] sent = {0};
            stays.send(1, new StreamSender.Outcomes() {
                @Override
                public void sent(int frames) {
                    sent[0] += frames;
                }

                @Override
                public void failed(InjectResult why, int frames, String detail) {}
            });
            assertEquals(1, sent[0]);
        }
    }

    @Test
    void shouldTryAgainWhenASignalHasInterruptedTheCallButNotForEver() throws Exception {
        long[] now = {Long.MAX_VALUE - 1}; // nanoTime may pass from the largest number to the smallest
        RoomWait wait =
                new RoomWait(Duration.ofMillis(100), Duration.ofMillis(1), () -> now[0], nanos -> now[0] += nanos);
        try (VethPair _ = VethPair.open();
                MmsgInjector injector = MmsgInjector.open(VethPair.NEAR, false, wait)) {
            AtomicInteger calls = new AtomicInteger();
            assertEquals(7, injector.insist(frames -> calls.incrementAndGet() < 3 ? -Errno.EINTR : frames, 7));
            assertEquals(3, calls.get());
            calls.set(0);
            assertEquals(0, injector.insist(frames -> calls.incrementAndGet() > 0 ? -Errno.EINTR : frames, 7));
            assertEquals(1 + 100, calls.get());
            assertEquals(InjectResult.NO_BUFFER, injector.result());
        }
    }

    @Test
    void shouldTryOnceMoreHoweverLateTheThreadComes() throws Exception {
        long[] now = {0};
        RoomWait wait =
                new RoomWait(Duration.ofMillis(100), Duration.ofMillis(1), () -> now[0], _ -> now[0] += 3_000_000_000L);
        try (VethPair _ = VethPair.open();
                MmsgInjector injector = MmsgInjector.open(VethPair.NEAR, false, wait)) {
            AtomicInteger calls = new AtomicInteger();
            assertEquals(7, injector.insist(frames -> calls.incrementAndGet() < 2 ? -Errno.ENOBUFS : frames, 7));
            assertEquals(2, calls.get());
        }
    }

    @Test
    void shouldUseUpTheNumbersOfABatchThatThrows() throws Exception {
        try (VethPair _ = VethPair.open();
                MmsgInjector injector = MmsgInjector.open(VethPair.NEAR, false)) {
            List<Long> firsts = new ArrayList<>();
            StreamSender sender = new BatchSender(injector) {
                @Override
                int attempt(long first, int frames) {
                    firsts.add(first);
                    if (first == 3) {
                        throw new IllegalStateException("planted");
                    }
                    return first == 7 ? -Errno.EMSGSIZE : frames;
                }
            };
            sender.send(3, IGNORED);
            assertThrows(IllegalStateException.class, () -> sender.send(4, IGNORED));
            sender.send(2, IGNORED); // of which the first is too long
            sender.send(1, IGNORED);
            assertEquals(List.of(0L, 3L, 7L, 8L), firsts);
        }
    }

    @Test
    void shouldUseUpTheFramesOfAFileThatItWasToSendWhenItThrows(@TempDir Path folder) throws Exception {
        PcapWriter file = new PcapWriter(ByteOrder.LITTLE_ENDIAN, true);
        for (int i = 0; i < 6; i++) {
            byte[] frame = new byte[i == 1 ? 4_000 : 60]; // longer than the MTU, so that a batch ends before it
            frame[12] = (byte) 0x88;
            frame[13] = (byte) 0xb5;
            frame[20] = (byte) i;
            file.frame(i, frame);
        }
        Path trace = Files.write(folder.resolve("trace.pcap"), file.bytes());
        ReplayFacts facts = ReplayFacts.read(new Replay(trace, 1, Rewrite.NONE, CutFrames.REFUSE, LongFrames.COUNT));
        try (VethPair _ = VethPair.open();
                FarCapture far = FarCapture.start(folder);
                MmsgInjector injector = MmsgInjector.open(VethPair.NEAR, false);
                ReplayFrames frames = ReplayFrames.open(facts, "test")) {
            for (int i = 0; i < 6 && frames.hasNext(); i++) {
                frames.pass();
            }
            StreamSender sender = injector.sender(frames);
            StreamSender.Outcomes throwing = new StreamSender.Outcomes() {
                @Override
                public void sent(int sent) {
                    assertEquals(1, sent);
                    throw new IllegalStateException("planted");
                }

                @Override
                public void failed(InjectResult why, int count, String detail) {}
            };
            assertThrows(IllegalStateException.class, () -> sender.send(3, throwing));
            sender.send(2, IGNORED);
            assertEquals(
                    List.of(0, 3, 4),
                    far.frames(3).stream().map(frame -> (int) frame[20]).toList());
        }
    }
}
