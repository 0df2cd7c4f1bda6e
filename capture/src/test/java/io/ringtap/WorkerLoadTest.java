package io.ringtap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.capture.CaptureConfig;
import io.ringtap.capture.OpenException;
import io.ringtap.capture.WorkerConfig;
import io.ringtap.capture.WorkerConfig.Delivery;
import io.ringtap.capture.WorkerConfig.Share;
import io.ringtap.capturefile.PcapWriter;
import io.ringtap.capturefile.SampleFrames;
import io.ringtap.frame.FrameHandler;
import io.ringtap.frame.HandlerFactory;
import io.ringtap.ledger.HandlerLoad;
import io.ringtap.ledger.WorkerCounts;
import io.ringtap.ledger.WorkerLoad;
import io.ringtap.testnet.FarSender;
import io.ringtap.testnet.VethPair;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkerLoadTest {
    private static final long MS = TimeUnit.MILLISECONDS.toNanos(1);

    @TempDir
    private Path folder;

    private static WorkerConfig worker(HandlerFactory... handlers) {
        return new WorkerConfig("w", List.of(), 1, Share.FLOW, Delivery.GATE, List.of(handlers));
    }

    private static void spin(long nanos) {
        long until = System.nanoTime() + nanos;
        while (System.nanoTime() - until < 0) {
            Thread.onSpinWait();
        }
    }

    private CaptureConfig file() throws Exception {
        PcapWriter writer = new PcapWriter(ByteOrder.LITTLE_ENDIAN, true);
        for (int i = 0; i < 100; i++) {
            for (byte[] frame : SampleFrames.all()) {
                writer.frame(i, frame);
            }
        }
        return CaptureConfig.file("trace", Files.write(folder.resolve("trace.pcap"), writer.bytes()));
    }

    private static Tap runToEnd(CaptureConfig capture, WorkerConfig worker) throws Exception {
        Tap tap = Tap.open(capture, List.of(worker), () -> _ -> false);
        tap.start();
        assertTrue(tap.awaitEnd(VethPair.HANG));
        assertTrue(tap.stop(VethPair.HANG));
        return tap;
    }

    @Test
    void shouldGiveAHandlerWhatPassesItsFilterAndAnotherEverything() throws Exception {
        List<Integer> arps = Collections.synchronizedList(new ArrayList<>());
        HandlerFactory arp = new HandlerFactory("arp", () -> frame -> arps.add(frame.etherType()), "arp");
        HandlerFactory thrower = new HandlerFactory(
                "thrower",
                () -> frame -> {
                    throw new IllegalStateException("on purpose");
                },
                "vlan 100");
        HandlerFactory all = new HandlerFactory("all", () -> frame -> {});
        try (Tap tap = runToEnd(file(), worker(arp, thrower, all))) {
            WorkerCounts counts = tap.workerCounts().getFirst();
            assertEquals(Collections.nCopies(100, 0x0806), arps);
            int frames = 100 * SampleFrames.all().size();
            assertEquals(frames - 200, counts.delivered(), "a frame that no filter lets pass is delivered");
            assertEquals(200, counts.failed(), "two kinds of frame have VLAN 100");
            List<HandlerLoad> handlers = counts.load().orElseThrow().handlers();
            assertEquals(
                    List.of("arp", "vlan 100", ""),
                    handlers.stream().map(HandlerLoad::filter).toList());
            assertEquals(
                    List.of(100L, 200L, (long) frames),
                    handlers.stream().map(HandlerLoad::frames).toList());
        }
    }

    @Test
    void shouldRefuseAFilterThatDoesNotCompile() throws Exception {
        HandlerFactory bad = new HandlerFactory("bad", () -> frame -> {}, "udp porto 53");
        CaptureConfig capture = file();
        OpenException refused =
                assertThrows(OpenException.class, () -> Tap.open(capture, List.of(worker(bad)), () -> _ -> false));
        assertEquals(OpenException.Reason.BAD_FILTER, refused.reason());
        assertTrue(refused.getMessage().startsWith("worker w: bad filter \"udp porto 53\": "), refused.getMessage());
    }

    @Test
    void shouldTellHowLongHandlersTakeAndThatAFilesFramesHaveNoAge() throws Exception {
        HandlerFactory slow = new HandlerFactory("slow", () -> frame -> spin(MS / 5));
        HandlerFactory quick = new HandlerFactory("quick", () -> frame -> {});
        try (Tap tap = runToEnd(file(), worker(slow, quick))) {
            WorkerLoad load = tap.workerCounts().getFirst().load().orElseThrow();
            assertEquals(OptionalLong.empty(), load.lagNanos());
            HandlerLoad first = load.handlers().getFirst();
            HandlerLoad second = load.handlers().getLast();
            assertTrue(first.medianNanos().orElseThrow() >= MS / 5 * 99 / 100, first.toString());
            assertTrue(first.p99Nanos().orElseThrow() >= first.medianNanos().orElseThrow(), first.toString());
            assertTrue(second.medianNanos().orElseThrow() < first.medianNanos().orElseThrow(), second.toString());
        }
    }

    @Tag("live")
    @Test
    void shouldTellHowLateABlockedHandlerIsAndThatItIsBusy() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        FrameHandler blocked = frame -> go.await();
        try (VethPair pair = VethPair.open();
                FarSender far = new FarSender();
                Tap tap = Tap.open(
                        CaptureConfig.live(VethPair.NEAR),
                        List.of(worker(new HandlerFactory("blocked", () -> blocked))),
                        () -> _ -> false)) {
            tap.start();
            assertEquals(OptionalLong.of(0), load(tap).lagNanos());
            far.sendUdp(10, 100, 0);
            VethPair.await(() -> load(tap).lagNanos().orElseThrow() > 300 * MS);
            VethPair.await(() -> load(tap).busyShare() > 0.9);
            assertEquals(10, tap.workerCounts().getFirst().lag());
            go.countDown();
            VethPair.await(() -> tap.workerCounts().getFirst().delivered() == 10);
            assertEquals(OptionalLong.of(0), load(tap).lagNanos());
            VethPair.await(() -> load(tap).busyShare() < 0.1);
            assertTrue(tap.stop(VethPair.HANG));
            pair.remove();
        }
    }

    private static WorkerLoad load(Tap tap) {
        return tap.workerCounts().getFirst().load().orElseThrow();
    }
}
