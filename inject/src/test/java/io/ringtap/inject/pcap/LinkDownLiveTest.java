package io.ringtap.inject.pcap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.inject.InjectLoop;
import io.ringtap.inject.config.InjectConfig;
import io.ringtap.inject.config.Schedule;
import io.ringtap.inject.kernel.RoomWait;
import io.ringtap.inject.send.InjectResult;
import io.ringtap.inject.template.FrameTemplate;
import io.ringtap.ledger.InjectCounts;
import io.ringtap.testnet.VethPair;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
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

    /** What a stream may send in a turn of the loop. */
    private static final int TURN = 64;

    /** What takes so long hangs. */
    private static final Duration LONG = Duration.ofMinutes(2);

    @Test
    void shouldSendWhatCountsAsSentWhenTheInterfaceIsSetDownAndUp() throws Exception {
        try (VethPair pair = VethPair.open();
                InjectLoop loop = start(new Schedule.Rate(1_000))) {
            VethPair.await(() -> counts(loop).sent() >= 200);
            long sentUp = counts(loop).sent();
            pair.set(VethPair.NEAR, false);
            VethPair.await(() -> counts(loop).failed() >= 100);
            long sentDown = counts(loop).sent();
            VethPair.await(() -> counts(loop).failed() >= 300);
            assertEquals(sentDown, counts(loop).sent(), "none counts as sent while it is down");
            // Linux takes the queue away before it says that the interface is down: what comes between is lost, unsaid.
            long arrivedDown = arrived();
            assertTrue(
                    sentUp <= arrivedDown && arrivedDown <= sentDown,
                    arrivedDown + " arrived of " + sentUp + " to " + sentDown);
            pair.set(VethPair.NEAR, true);
            VethPair.awaitUp();
            long sentAgain = counts(loop).sent() + TURN; // and those of a turn that goes on by then
            VethPair.await(() -> counts(loop).sent() > sentAgain + 100);
            assertTrue(loop.stop(LONG));
            assertEquals(
                    Map.of("link_down", counts(loop).failed()), counts(loop).failures());
            long sent = counts(loop).sent();
            long arrivedAgain = arrived() - arrivedDown;
            assertTrue(
                    sent - sentAgain <= arrivedAgain && arrivedAgain <= sent - sentDown,
                    arrivedAgain + " arrived of " + (sent - sentAgain) + " to " + (sent - sentDown));
        }
    }

    @Test
    void shouldPauseWhileTheOtherEndIsDownThoughTheKernelTakesEveryFrame() throws Exception {
        try (VethPair pair = VethPair.open();
                InjectLoop loop = start(new Schedule.Rate(1_000))) {
            VethPair.await(() -> counts(loop).sent() >= 200);
            pair.set(VethPair.FAR, false);
            VethPair.await(() -> counts(loop).failed() >= 100);
            long sent = counts(loop).sent();
            VethPair.await(() -> counts(loop).failed() >= 300);
            assertEquals(sent, counts(loop).sent(), "none counts as sent while it has no carrier");
            pair.set(VethPair.FAR, true);
            VethPair.await(() -> counts(loop).sent() > sent + 100);
            assertTrue(loop.stop(LONG));
            InjectCounts counts = counts(loop);
            // The other end's queue may refuse some while it closes, before Linux tells of the loss of carrier.
            Map<String, Long> failures = new HashMap<>(counts.failures());
            long refused = Optional.ofNullable(failures.remove("no_buffer")).orElse(0L);
            assertEquals(Map.of("link_down", counts.failed() - refused), failures);
            // Until then frames are taken and dropped, too: the interface counts those, and with them some it refused.
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
    void shouldSendOnADormantInterfaceAsLongAsItHasACarrier() throws Exception {
        try (VethPair pair = VethPair.open();
                PcapInjector injector = PcapInjector.open(VethPair.NEAR)) {
            VethPair.run("ip", "link", "set", VethPair.NEAR, "mode", "dormant", "state", "dormant");
            VethPair.await(() ->
                    VethPair.run("ip", "-o", "link", "show", VethPair.NEAR).contains("state DORMANT"));
            assertFalse(injector.isLinkDown());
            long before = arrived();
            assertEquals(
                    InjectResult.SENT,
                    injector.inject(FRAME.compile(injector.address()).bytes(0)));
            VethPair.await(() -> arrived() == before + 1);
            pair.set(VethPair.FAR, false);
            assertTrue(injector.isLinkDown(), "at once");
            pair.set(VethPair.FAR, true);
            VethPair.await(() -> !injector.isLinkDown());
            pair.set(VethPair.NEAR, false);
            assertTrue(injector.isLinkDown());
        }
    }

    @Test
    void shouldRetryUntilTheTimeIsOverAndOnceMoreHoweverLateTheThreadComes() throws Exception {
        long[] now = {Long.MAX_VALUE - 1}; // nanoTime may pass from the largest number to the smallest
        int[] pauses = {0};
        long[] late = {1_000_000};
        RoomWait wait = new RoomWait(Duration.ofMillis(10), Duration.ofMillis(1), () -> now[0], _ -> {
            now[0] += late[0];
            pauses[0]++;
        });
        try (VethPair _ = VethPair.open();
                PcapInjector injector = PcapInjector.open(VethPair.NEAR, wait)) {
            VethPair.slowDown("8kbit", "100", "1000"); // which drops every frame of this length at once
            byte[] frame = new byte[1_400];
            assertEquals(InjectResult.NO_BUFFER, injector.inject(frame));
            assertEquals(10, pauses[0]);
            assertEquals(11, refused());
            late[0] = 3_000_000_000L;
            assertEquals(InjectResult.NO_BUFFER, injector.inject(frame));
            assertEquals(11, pauses[0]);
            assertEquals(13, refused());
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
        }
    }

    @Test
    void shouldSendWhatFindsRoomAtARetry() throws Exception {
        RoomWait wait = new RoomWait(LONG, Duration.ofMillis(1));
        try (VethPair _ = VethPair.open();
                PcapInjector injector = PcapInjector.open(VethPair.NEAR, wait)) {
            // One frame in the queue at most, which leaves it within milliseconds, or when a busy machine gets round to
            // it: every second send is refused at first, where the machine is not as slow as the queue.
            VethPair.slowDown("1mbit", "1500", "1500");
            byte[] frame = FRAME.compile(injector.address()).bytes(0);
            byte[] large = Arrays.copyOf(frame, 1_000);
            int sent = 0;
            do {
                for (int i = 0; i < 20; i++, sent++) {
                    assertEquals(InjectResult.SENT, injector.inject(large), "frame " + sent);
                }
            } while (refused() == 0);
            int all = sent;
            VethPair.await(() -> arrived() == all);
        }
    }

    private static InjectLoop start(Schedule schedule) throws Exception {
        InjectConfig config =
                InjectConfig.builder("a", VethPair.NEAR, schedule, FRAME).build();
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
