package io.ringtap.inject.pcap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.inject.InjectConfig;
import io.ringtap.inject.InjectLoop;
import io.ringtap.inject.InjectResult;
import io.ringtap.inject.Schedule;
import io.ringtap.inject.template.FrameTemplate;
import io.ringtap.ledger.InjectCounts;
import io.ringtap.testnet.VethPair;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.pcap4j.util.MacAddress;

/** What the kernel does with a link that goes down and comes up again. Its own counters say what left. */
@Tag("live")
class LinkDownLiveTest {
    private static final FrameTemplate FRAME =
            FrameTemplate.of(MacAddress.getByName("aa:bb:cc:dd:ee:ff"), Optional.empty(), 0x88b5, "00".repeat(46));

    @Test
    void shouldSendWhatCountsAsSentWhenTheInterfaceIsSetDownAndUp() throws Exception {
        try (VethPair pair = VethPair.open();
                InjectLoop loop = start(new Schedule.Rate(1_000), 2_000)) {
            VethPair.await(() -> counts(loop).sent() >= 200);
            pair.set(VethPair.NEAR, false);
            VethPair.await(() -> counts(loop).failed() >= 300);
            pair.set(VethPair.NEAR, true);
            long up = System.nanoTime();
            long sentBefore = counts(loop).sent();
            VethPair.await(() -> counts(loop).sent() > sentBefore);
            assertTrue(System.nanoTime() - up < 1_000_000_000L, "resumed late");
            VethPair.await(() -> counts(loop).sent() + counts(loop).failed() == 2_000);
            assertEquals(
                    Map.of("link_down", counts(loop).failed()), counts(loop).failures());
            // The link is looked at before each of these frames. But Linux takes the queue away before it says that the
            // interface is down, and gives it back after it says that it is up: what comes between is lost without a
            // word.
            long lost = counts(loop).sent() - arrived();
            assertTrue(lost >= 0 && lost <= 4, lost + " frames lost without a word");
        }
    }

    @Test
    void shouldPauseWhileTheOtherEndIsDownThoughTheKernelTakesEveryFrame() throws Exception {
        try (VethPair pair = VethPair.open();
                InjectLoop loop = start(new Schedule.Rate(1_000), 2_000)) {
            VethPair.await(() -> counts(loop).sent() >= 200);
            pair.set(VethPair.FAR, false);
            VethPair.await(() -> counts(loop).failed() >= 500);
            pair.set(VethPair.FAR, true);
            VethPair.await(() -> counts(loop).sent() + counts(loop).failed() == 2_000);
            InjectCounts counts = counts(loop);
            assertEquals(Map.of("link_down", counts.failed()), counts.failures());
            // While the other end closes, and until Linux has told of the loss of carrier, frames are taken and
            // dropped.
            // The interface counts those, and with them some that were refused.
            long arrived = arrived();
            assertTrue(arrived <= counts.sent(), arrived + " arrived of " + counts.sent());
            assertTrue(counts.sent() <= arrived + dropped(), counts.sent() + " sent, " + arrived + " arrived");
        }
    }

    @Test
    void shouldTellAnInterfaceWithoutCarrierFromOneThatRunsAndFromOneThatIsGone() throws Exception {
        try (VethPair pair = VethPair.open();
                PcapInjector injector = PcapInjector.open(VethPair.NEAR)) {
            assertFalse(injector.isLinkDown());
            pair.set(VethPair.FAR, false);
            VethPair.await(injector::isLinkDown);
            pair.set(VethPair.FAR, true);
            VethPair.await(() -> !injector.isLinkDown());
            pair.set(VethPair.NEAR, false);
            assertTrue(injector.isLinkDown());
            pair.remove();
            assertFalse(injector.isLinkDown());
        }
    }

    @Test
    void shouldRetryForABoundedTimeWhenTheQueueDropsAndThenSayThatItIsFull() throws Exception {
        try (VethPair _ = VethPair.open();
                PcapInjector injector = PcapInjector.open(VethPair.NEAR)) {
            // A queue that holds less than a frame of this length, so that each is dropped: ENOBUFS, at once.
            VethPair.slowDown("8kbit", "100", "1000");
            byte[] frame = new byte[1_400];
            long before = System.nanoTime();
            assertEquals(InjectResult.NO_BUFFER, injector.inject(frame));
            long took = System.nanoTime() - before;
            assertTrue(took >= PcapInjector.RETRY_FOR.toNanos(), "gave up after " + took + " ns");
            assertTrue(took < 1_000_000_000L, "gave up after " + took + " ns");
        }
    }

    @Test
    void shouldSendWhatFindsRoomAtARetry() throws Exception {
        try (VethPair _ = VethPair.open();
                PcapInjector injector = PcapInjector.open(VethPair.NEAR, Duration.ofSeconds(5))) {
            // One frame in the queue at most, which leaves it within milliseconds, or when a busy machine gets round to
            // it: every second send is refused at first.
            VethPair.slowDown("4mbit", "1500", "1500");
            byte[] frame = FRAME.compile(injector.address()).bytes(0);
            byte[] large = Arrays.copyOf(frame, 1_000);
            for (int i = 0; i < 50; i++) {
                assertEquals(InjectResult.SENT, injector.inject(large), "frame " + i);
            }
            VethPair.await(() -> arrived() == 50);
            assertTrue(refused() > 0, "there was always room");
        }
    }

    private static InjectLoop start(Schedule schedule, long count) throws Exception {
        InjectConfig config = InjectConfig.builder("a", VethPair.NEAR, schedule, FRAME)
                .count(count)
                .build();
        return InjectLoop.start(PcapInjector.open(VethPair.NEAR), List.of(config), capture -> () -> 0);
    }

    private static InjectCounts counts(InjectLoop loop) {
        return loop.counts().getFirst();
    }

    /** Frames that the far end's driver has received. */
    private static long arrived() {
        return statistic(VethPair.FAR, "rx", "packets");
    }

    /** Frames that the near end's driver has dropped. */
    private static long dropped() {
        return statistic(VethPair.NEAR, "tx", "dropped");
    }

    /** Frames that the near end's queue had no room for. */
    private static long refused() {
        String queue = VethPair.run("tc", "-s", "qdisc", "show", "dev", VethPair.NEAR);
        return Long.parseLong(queue.replaceAll("(?s).*dropped ([0-9]+),.*", "$1"));
    }

    private static long statistic(String end, String direction, String name) {
        String link = VethPair.run("ip", "-j", "-s", "link", "show", end);
        return Long.parseLong(link.replaceAll("(?s).*\"" + direction + "\":.*?\"" + name + "\":([0-9]+).*", "$1"));
    }
}
