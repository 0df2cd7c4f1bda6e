package io.ringtap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.capture.WorkerConfig.Share;
import io.ringtap.ledger.CaptureState;
import io.ringtap.ledger.EarlyLoss;
import io.ringtap.ledger.EarlyLoss.Cause;
import io.ringtap.ledger.Ledger;
import io.ringtap.testnet.FarSender;
import io.ringtap.testnet.SenderFixture;
import io.ringtap.testnet.VethPair;
import io.ringtap.testnet.XdpDrop;
import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What a capture tells of frames that the kernel dropped before it. The backlog of a processor is everybody's on the machine, as is
 * its limit, so these drop by other ways that Linux counts in the same place.
 */
@Tag("live")
class BeforeTapTest extends SenderFixture {
    /** Longer than the near end's MTU of 1,500: __dev_forward_skb drops it, and counts it in rx_dropped. */
    private static final int TOO_LONG = 3_000;

    private static Tap start() throws Exception {
        return LiveTap.start(LiveTap.near(), LiveTap.worker("w", 1, Share.FLOW, () -> frame -> {}));
    }

    private static long frames(Tap tap, Cause cause) {
        return tap.counts().beforeTap().losses().stream()
                .filter(loss -> loss.cause() == cause)
                .mapToLong(EarlyLoss::frames)
                .sum();
    }

    private static Ledger stopped(Tap tap) throws Exception {
        assertTrue(tap.stop(Duration.ofSeconds(30)));
        return LiveTap.ledger(tap);
    }

    private static void letLongFramesOut() {
        VethPair.run("ip", "link", "set", VethPair.FAR, "mtu", "9000");
    }

    private static byte[] tagged(int type) {
        byte[] frame = FarSender.udp(60);
        byte[] tag = {(byte) 0x81, 0, 0, 5, (byte) (type >> 8), (byte) type};
        System.arraycopy(tag, 0, frame, 12, tag.length);
        return frame;
    }

    @Test
    void shouldNameEachFrameThatTheStackDroppedAsAHint() throws Exception {
        letLongFramesOut();
        try (Tap tap = start()) {
            far.sendUdp(700, 60, 0);
            far.sendRefused(FarSender.udp(TOO_LONG), 282);
            far.sendUdp(18, 60, 0);
            Ledger ledger = stopped(tap);
            assertEquals(718, ledger.received());
            assertEquals(0, ledger.lost(), "it may be something else");
            assertEquals(282, frames(tap, Cause.DROPPED));
            assertTrue(ledger.verdict().startsWith("lost 0; hint: 282 dropped on rt0 (rx_dropped)"), ledger.verdict());
        }
    }

    @Test
    void shouldNameWhatAnXdpProgramTookAsAHint() throws Exception {
        try (Tap tap = start()) {
            far.sendUdp(30, 60, 0);
            try (XdpDrop _ = XdpDrop.attach()) {
                far.sendUdp(77, 60, 0);
                VethPair.await(() -> frames(tap, Cause.XDP) == 77);
            }
            far.sendUdp(3, 60, 0);
            Ledger ledger = stopped(tap);
            assertEquals(33, ledger.received());
            assertEquals(0, ledger.lost());
            assertEquals(77, frames(tap, Cause.XDP));
            assertEquals(
                    "lost 0; hint: 77 before the tap (rx_queue_N_xdp_drops): an XDP program on rt0 took them: it is meant to, or"
                            + " take it off (ip link set rt0 xdp off)",
                    ledger.verdict());
        }
    }

    @Test
    void shouldLoseNothingWhereRxDroppedCountsWhatNobodyElseTook() throws Exception {
        try (Tap tap = start()) {
            for (int i = 0; i < 9; i++) {
                far.send(tagged(0x88b5)); // an EtherType for experiments, in a VLAN that is not there
            }
            Ledger ledger = stopped(tap);
            assertEquals(9, ledger.received());
            assertEquals(0, ledger.lost());
            assertEquals(0, ledger.unaccounted());
            assertEquals(9, frames(tap, Cause.DROPPED));
        }
    }

    @Test
    void shouldCountOnWhereAnInterfaceCameBackAndItsCountersBeganAnew() throws Exception {
        letLongFramesOut();
        try (Tap tap = start()) {
            far.sendRefused(FarSender.udp(TOO_LONG), 5);
            VethPair.await(() -> frames(tap, Cause.DROPPED) == 5);
            pair.remove();
            VethPair.await(() -> tap.counts().state() == CaptureState.WAITING);
            pair.create();
            letLongFramesOut();
            VethPair.await(() -> tap.counts().state() == CaptureState.RUNNING);
            try (FarSender anew = new FarSender()) {
                anew.sendRefused(FarSender.udp(TOO_LONG), 3);
            }
            assertEquals(0, stopped(tap).lost());
            assertEquals(8, frames(tap, Cause.DROPPED));
        }
    }

    @Test
    void shouldReadTheInterfacesOwnLossInItsNetworkNamespaceWithoutPromiscuousMode() throws Exception {
        try (Tap tap = LiveTap.start(
                LiveTap.near().promiscuous(false), LiveTap.worker("w", 1, Share.FLOW, () -> frame -> {}))) {
            assertEquals(OptionalLong.of(0), tap.counts().interfaceDropped());
            assertEquals(OptionalLong.of(0), tap.counts().beforeTap().driverDropped());
        }
    }
}
