package io.ringtap.inject.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.frame.FrameSender;
import io.ringtap.inject.InjectLoop;
import io.ringtap.inject.config.InjectConfig;
import io.ringtap.inject.config.Schedule;
import io.ringtap.inject.mmsg.MmsgInjector;
import io.ringtap.inject.pace.SendBudget;
import io.ringtap.inject.pcap.PcapInjector;
import io.ringtap.inject.send.FrameInjector;
import io.ringtap.inject.send.LoopedFrames;
import io.ringtap.inject.template.FrameTemplate;
import io.ringtap.inject.xdp.XdpInjector;
import io.ringtap.inject.xdp.XdpRights;
import io.ringtap.testnet.FarCapture;
import io.ringtap.testnet.VethPair;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pcap4j.util.MacAddress;

/** What one interface sends, at most, by whatever ways: counted where it arrives. */
@Tag("live")
class MaxRateLiveTest {
    private static final int MOST_A_SECOND = 2_000;

    /** A stop that takes so long hangs. */
    private static final Duration LONG = Duration.ofMinutes(2);

    /** Two streams and the handlers, each of which may come late with what it has booked; and a frame. */
    private static final int AT_ONCE = 3 + 1;

    @Test
    void shouldNeverSendMoreThanTheInterfacesMostByAllEnginesStreamsAndHandlersTogether(@TempDir Path folder)
            throws Exception {
        try (VethPair _ = VethPair.open();
                FarCapture far = FarCapture.start(folder)) {
            SendBudget budget = SendBudget.of(new Schedule.Rate(MOST_A_SECOND));
            long handed;
            try (InjectLoop one = start(PcapInjector.open(VethPair.NEAR), "one", budget);
                    InjectLoop other = start(MmsgInjector.open(VethPair.NEAR, false), "other", budget)) {
                FrameSender handlers = one.sender();
                for (int i = 0; i < 400; i++) {
                    assertTrue(handlers.send(new byte[60]));
                }
                VethPair.await(() -> sent(one) > MOST_A_SECOND / 3 && sent(other) > MOST_A_SECOND / 5);
                assertTrue(one.stop(LONG));
                assertTrue(other.stop(LONG));
                handed = sent(one) + sent(other);
            }
            long[] times = far.timesMicros((int) handed);
            assertEquals(handed, times.length);
            for (int from = 0; from < times.length; from++) {
                for (int to = from + AT_ONCE; to < times.length; to += 7) {
                    double most = (times[to] - times[from] + 1) * 1e-6 * MOST_A_SECOND + AT_ONCE;
                    assertTrue(to - from + 1 <= most, "frames " + from + " to " + to + ": more than " + most);
                }
            }
        }
    }

    @Test
    void shouldKeepAnEngineThatSendsManyAtOnceToTheInterfacesMostAndLeaveTheOthersTheirShare(@TempDir Path folder)
            throws Exception {
        int most = 20_000;
        int atOnce = most / 20; // what passes in 50 ms, which XDP sends at once, and so may the others
        try (VethPair _ = VethPair.open();
                FarCapture far = FarCapture.start(folder)) {
            if (XdpRights.areRefused()) {
                return;
            }
            VethPair.run("ethtool", "-K", VethPair.FAR, "gro", "on");
            SendBudget budget = SendBudget.of(new Schedule.Rate(most));
            long bulkSent;
            long smallSent;
            try (InjectLoop bulk = start(XdpInjector.open(VethPair.NEAR), "bulk", budget);
                    InjectLoop small = start(PcapInjector.open(VethPair.NEAR), "small", budget)) {
                VethPair.await(() -> sent(bulk) > most / 4 && sent(small) > most / 4);
                assertTrue(bulk.stop(LONG));
                assertTrue(small.stop(LONG));
                bulkSent = sent(bulk);
                smallSent = sent(small);
            }
            long[] times = far.timesMicros((int) (bulkSent + smallSent));
            assertEquals(bulkSent + smallSent, times.length);
            for (int from = 0; from < times.length; from += 97) {
                for (int to = from + atOnce; to < times.length; to += 97) {
                    double passed = (times[to] - times[from] + 1) * 1e-6 * most + 3 * atOnce;
                    assertTrue(to - from + 1 <= passed, "frames " + from + " to " + to + ": more than " + passed);
                }
            }
        }
    }

    private static InjectLoop start(FrameInjector injector, String name, SendBudget budget) throws Exception {
        FrameTemplate frame =
                FrameTemplate.of(MacAddress.getByName("aa:bb:cc:dd:ee:ff"), Optional.empty(), 0x88b5, "01 02");
        InjectConfig stream = InjectConfig.builder(name, VethPair.NEAR, new Schedule.TopSpeed(), frame)
                .build();
        return InjectLoop.start(injector, List.of(stream), _ -> () -> 0, LoopedFrames.Opener.NONE, budget);
    }

    private static long sent(InjectLoop loop) {
        return loop.counts().stream().mapToLong(counts -> counts.sent()).sum();
    }
}
