package io.ringtap;

import static io.ringtap.LiveTap.start;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.LiveTap.Kept;
import io.ringtap.capture.CaptureConfig;
import io.ringtap.capture.CaptureConfig.Direction;
import io.ringtap.capture.CaptureConfig.Engine;
import io.ringtap.capture.CaptureConfig.Mode;
import io.ringtap.capture.CaptureConfigBuilder;
import io.ringtap.capture.CaptureOrigin;
import io.ringtap.frame.Frame;
import io.ringtap.testnet.FarSender;
import io.ringtap.testnet.SenderFixture;
import io.ringtap.testnet.VethPair;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Which frames a tap takes, and that they come as they were sent. */
@Tag("live")
class TapFramesTest extends SenderFixture {

    @Test
    void shouldFilterInTheKernelAndNeitherCountNorStoreTheRest() throws Exception {
        Kept kept = new Kept();
        CaptureConfigBuilder config = LiveTap.near().snaplenBytes(100).filter("ether proto 0x88b5");
        byte[] marked = FarSender.udp(300);
        marked[12] = (byte) 0x88;
        marked[13] = (byte) 0xb5;
        try (Tap tap = start(config, kept.worker())) {
            far.sendUdp(5_000, 200, 0);
            far.send(marked);
            far.sendUdp(5_000, 200, 0);
            LiveTap.awaitReceived(tap, 1);
            assertTrue(tap.stop(VethPair.HANG));
            assertEquals(1, tap.counts().received());
            assertEquals(100, kept.frames().getFirst().length());
            assertEquals(300, kept.frames().getFirst().originalLength());
            assertEquals(0x88b5, kept.frames().getFirst().etherType());
        }
    }

    @ParameterizedTest
    @CsvSource({"IN, 3, 0", "OUT, 0, 5", "BOTH, 3, 5"})
    void shouldTakeOneDirectionInTheKernel(Direction direction, int in, int out) throws Exception {
        Kept kept = new Kept();
        CaptureConfigBuilder config = LiveTap.near().direction(direction).filter("udp");
        try (FarSender near = new FarSender(VethPair.NEAR);
                Tap tap = start(config, kept.worker())) {
            near.sendUdp(5, 100, 0);
            far.sendUdp(3, 200, 0);
            LiveTap.awaitReceived(tap, in + out);
            assertTrue(tap.stop(VethPair.HANG));
            assertEquals(in + out, tap.counts().received());
            assertEquals(
                    in, kept.frames().stream().filter(f -> f.length() == 200).count());
            assertEquals(
                    out, kept.frames().stream().filter(f -> f.length() == 100).count());
        }
    }

    /** There each frame leaves, and comes in again: tcpdump shows the latter. */
    @ParameterizedTest
    @CsvSource({"IN", "BOTH", "OUT"})
    void shouldTakeEachFrameOfTheLoopbackInterfaceOnce(Direction direction) throws Exception {
        Kept kept = new Kept();
        CaptureConfigBuilder config = CaptureConfig.builder("lo", new CaptureOrigin.Live("lo"))
                .direction(direction)
                .filter("udp");
        try (Tap tap = start(config, kept.worker());
                DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            for (int i = 0; i < 5; i++) {
                socket.send(new DatagramPacket(new byte[10], 10, socket.getLocalSocketAddress()));
            }
            LiveTap.awaitReceived(tap, 5);
            assertTrue(tap.stop(VethPair.HANG));
            assertEquals(5, tap.counts().received());
        }
    }

    @ParameterizedTest
    @CsvSource({"THROUGHPUT, FFM", "LOW_LATENCY, FFM", "THROUGHPUT, PCAP4J", "LOW_LATENCY, PCAP4J"})
    void shouldCountTheFramesOfWhichLessIsCapturedThanThereIs(Mode mode, Engine engine) throws Exception {
        Kept kept = new Kept();
        CaptureConfigBuilder config =
                LiveTap.near().mode(mode).engine(engine).snaplenBytes(100).filter("udp");
        try (Tap tap = start(config, kept.worker())) {
            far.sendUdp(5, 100, 0);
            far.sendUdp(3, 101, 0);
            LiveTap.awaitReceived(tap, 8);
            assertTrue(tap.stop(VethPair.HANG));
            assertEquals(3, tap.counts().cut());
            assertEquals("lost 0", LiveTap.ledger(tap).verdict());
        }
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void shouldTakeTheFramesThatTheMtuAllowsWhole(Mode mode) throws Exception {
        VethPair.run("ip", "link", "set", VethPair.NEAR, "mtu", "9000");
        VethPair.run("ip", "link", "set", VethPair.FAR, "mtu", "9000");
        Kept kept = new Kept();
        try (Tap tap = start(LiveTap.near().mode(mode), kept.worker())) {
            far.send(pattern(9_014));
            LiveTap.awaitReceived(tap, 1);
            assertTrue(tap.stop(VethPair.HANG));
            assertArrayEquals(pattern(9_014), kept.frames().getFirst().toByteArray());
            assertEquals(0, tap.counts().cut());
        }
    }

    /** Waits for looks that are two seconds apart. */
    @Test
    void shouldSayThatWhatItIsToTakeGoesOut() throws Exception {
        Kept kept = new Kept();
        try (FarSender near = new FarSender(VethPair.NEAR);
                Tap tap = start(LiveTap.near().filter("udp"), kept.worker())) {
            VethPair.await(() -> {
                near.sendUdp(10, 100, 0);
                return tap.counts().outgoing() > 0;
            });
            assertTrue(tap.counts().outgoing() >= 100);
            String hint = "lost 0; capture near has received nothing, while "
                    + tap.counts().outgoing()
                    + " frames and more that its filter lets pass went out of rt0, which direction = \"in\" leaves out: ";
            assertTrue(
                    LiveTap.ledger(tap).verdict().startsWith(hint),
                    LiveTap.ledger(tap).verdict());
            far.sendUdp(1, 100, 0);
            LiveTap.awaitReceived(tap, 1);
            assertEquals("lost 0", LiveTap.ledger(tap).verdict());
            VethPair.await(() -> tap.counts().outgoing() == 0);
            assertTrue(tap.stop(VethPair.HANG));
            assertEquals(1, tap.counts().received());
        }
    }

    @ParameterizedTest
    @CsvSource({"THROUGHPUT, FFM", "LOW_LATENCY, FFM", "THROUGHPUT, PCAP4J"})
    void shouldPassFramesOfEverySizeUnharmed(Mode mode, Engine engine) throws Exception {
        VethPair.run("ip", "link", "set", VethPair.NEAR, "mtu", "65535");
        VethPair.run("ip", "link", "set", VethPair.FAR, "mtu", "65535");
        Kept kept = new Kept();
        int[] lengths = {14, 15, 60, 64, 65, 1_514, 1_518, 9_018, 65_535, 65_549};
        CaptureConfigBuilder config = LiveTap.near().mode(mode).engine(engine);
        if (mode == Mode.LOW_LATENCY) {
            config.snaplenBytes(65_560); // as the warning says
        }
        long before = System.currentTimeMillis() * 1_000_000 - 1_000_000;
        try (Tap tap = start(config, kept.worker())) {
            for (int length : lengths) {
                far.send(pattern(length));
            }
            LiveTap.awaitReceived(tap, lengths.length);
            assertTrue(tap.stop(VethPair.HANG));
        }
        long after = System.currentTimeMillis() * 1_000_000 + 1_000_000;
        assertEquals(lengths.length, kept.frames().size());
        for (int i = 0; i < lengths.length; i++) {
            Frame frame = kept.frames().get(i);
            assertEquals(lengths[i], frame.length());
            assertEquals(lengths[i], frame.originalLength());
            assertTrue(Arrays.equals(pattern(lengths[i]), frame.toByteArray()), "content of " + lengths[i]);
            assertTrue(frame.timestampNanos() > before && frame.timestampNanos() < after);
            assertTrue(
                    i == 0 || frame.timestampNanos() >= kept.frames().get(i - 1).timestampNanos());
        }
        assertTrue(kept.frames().stream().anyMatch(f -> f.timestampNanos() % 1_000 != 0), "nanoseconds");
    }

    private static byte[] pattern(int length) {
        byte[] frame = new byte[length];
        for (int i = 0; i < length; i++) {
            frame[i] = (byte) (i * 31 + length);
        }
        System.arraycopy(new byte[] {2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, (byte) 0x88, (byte) 0xb5}, 0, frame, 0, 14);
        return frame;
    }

    @ParameterizedTest
    @CsvSource({"THROUGHPUT, FFM", "LOW_LATENCY, FFM", "THROUGHPUT, PCAP4J"})
    void shouldKeepVlanTagsThatTheKernelTakesOff(Mode mode, Engine engine) throws Exception {
        byte[] qinq = new byte[108];
        System.arraycopy(FarSender.udp(100), 0, qinq, 0, 12);
        System.arraycopy(new byte[] {(byte) 0x88, (byte) 0xa8, 0x20, 5, (byte) 0x81, 0, 0, 7}, 0, qinq, 12, 8);
        System.arraycopy(FarSender.udp(100), 12, qinq, 20, 88);
        Kept kept = new Kept();
        CaptureConfigBuilder config =
                LiveTap.near().mode(mode).engine(engine).bufferBytes(1L << 20).snaplenBytes(2_048);
        try (Tap tap = start(config, kept.worker())) {
            far.send(qinq);
            LiveTap.awaitReceived(tap, 1);
            assertTrue(tap.stop(VethPair.HANG));
        }
        assertEquals(108, kept.frames().getFirst().originalLength());
        assertTrue(Arrays.equals(qinq, kept.frames().getFirst().toByteArray()));
        assertEquals(0x0800, kept.frames().getFirst().etherType());
    }
}
