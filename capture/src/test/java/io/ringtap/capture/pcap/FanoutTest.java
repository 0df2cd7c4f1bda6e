package io.ringtap.capture.pcap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.capture.CaptureConfig;
import io.ringtap.capture.CaptureConfig.Fanout;
import io.ringtap.capture.CaptureConfig.Mode;
import io.ringtap.capture.CaptureOrigin;
import io.ringtap.capture.CaptureSource;
import io.ringtap.capture.FrameSink;
import io.ringtap.capturefile.Carrier;
import io.ringtap.testnet.FarSender;
import io.ringtap.testnet.VethPair;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Which of a fanout group's kernel rings a frame comes to. The rings are read on the test's own thread. */
@Tag("live")
class FanoutTest {
    private static final int FRAME_BYTES = 100;
    private static final int FRAMES = 60_000;

    /** A prime, so that no way of dealing frames out in turn keeps a flow together by chance. */
    private static final int FLOWS = 997;

    private VethPair pair;
    private FarSender far;
    private final List<Ring> rings = new ArrayList<>();

    @BeforeEach
    void open() {
        pair = VethPair.open();
        far = new FarSender();
    }

    @AfterEach
    void close() {
        rings.forEach(ring -> ring.source.close());
        far.close();
        pair.close();
    }

    /** A kernel ring, and what came to it: the numbers that the frames carry, in the order of their coming. */
    private static final class Ring implements FrameSink {
        private final LivePcapSource source;
        private final int[] numbers = new int[FRAMES];
        private int count;
        private int longest;
        private boolean numberFromEnd;

        Ring(LivePcapSource source) {
            this.source = source;
        }

        @Override
        public boolean onFrame(long address, int capturedBytes, int originalBytes, long timestampNanos) {
            ByteBuffer frame = Libpcap.MEMORY.asSlice(address, capturedBytes).asByteBuffer();
            numbers[count++] = frame.getInt(numberFromEnd ? capturedBytes - 4 : 42);
            longest = Math.max(longest, originalBytes);
            return true;
        }

        @Override
        public void flush() {}

        void read() {
            while (source.poll(this, 4_096) > 0) {
                // until nothing is there
            }
        }

        /** Reads on until everything that this ring accepted has come. */
        void drain() {
            VethPair.await(() -> {
                read();
                CaptureSource.SourceCounts counts = source.counts();
                return count == counts.received() - counts.dropped();
            });
        }
    }

    private void openRings(Mode mode, int threads, long buffer, Set<Fanout> fanout) throws Exception {
        CaptureConfig config = CaptureConfig.builder("near", new CaptureOrigin.Live(VethPair.NEAR))
                .mode(mode)
                .bufferBytes(buffer)
                .snaplenBytes(1_980)
                .threads(threads)
                .fanout(fanout)
                .build();
        for (LivePcapSource source : LivePcapSource.open(config)) {
            source.accept();
            rings.add(new Ring(source));
        }
        assertEquals(threads, rings.size());
    }

    /** A frame of a flow: one direction of it, or the other with addresses and ports the other way round. */
    private static byte[] frame(int number, int flow, boolean back) {
        ByteBuffer frame = ByteBuffer.wrap(FarSender.udp(FRAME_BYTES));
        int client = 0x0a010000 + flow / 100;
        int server = 0xc0a80001;
        short clientPort = (short) (20_000 + flow % 100);
        short serverPort = 53;
        frame.putInt(26, back ? server : client).putInt(30, back ? client : server);
        frame.putShort(34, back ? serverPort : clientPort).putShort(36, back ? clientPort : serverPort);
        return frame.putInt(42, number).array();
    }

    private static int flowOf(int number) {
        return number * 31 % FLOWS;
    }

    private void send(int from, int to) {
        List<byte[]> frames = new ArrayList<>();
        for (int number = from; number < to; number++) {
            frames.add(frame(number, flowOf(number), number / FLOWS % 2 == 1));
        }
        far.send(frames);
    }

    @ParameterizedTest
    @CsvSource({"THROUGHPUT, 2", "THROUGHPUT, 4", "LOW_LATENCY, 2", "LOW_LATENCY, 4"})
    void shouldBringEveryFrameOnceAndBothDirectionsOfAFlowInOrderToOneRing(Mode mode, int threads) throws Exception {
        openRings(mode, threads, 16 << 20, Set.of());
        for (int i = 0; i < FRAMES; i += 1_000) {
            send(i, i + 1_000);
            rings.forEach(Ring::read);
        }
        awaitReceived(FRAMES);
        rings.forEach(Ring::drain);

        boolean[] seen = new boolean[FRAMES];
        int[] ringOf = new int[FLOWS];
        Arrays.fill(ringOf, -1);
        for (int r = 0; r < threads; r++) {
            int[] last = new int[FLOWS];
            for (int i = 0; i < rings.get(r).count; i++) {
                int number = rings.get(r).numbers[i];
                int flow = flowOf(number);
                assertTrue(!seen[number], "twice: " + number);
                seen[number] = true;
                assertTrue(ringOf[flow] == -1 || ringOf[flow] == r, "a flow in two rings: " + flow);
                ringOf[flow] = r;
                assertTrue(last[flow] <= number, "out of order: " + number);
                last[flow] = number;
            }
        }
        assertEquals(FRAMES, rings.stream().mapToInt(ring -> ring.count).sum());
        assertEquals(
                FRAMES,
                rings.stream()
                        .mapToLong(ring -> ring.source.counts().received())
                        .sum());
        assertEquals(
                0,
                rings.stream().mapToLong(ring -> ring.source.counts().dropped()).sum());
        for (Ring ring : rings) { // six standard deviations
            double share = (double) FRAMES / threads;
            double deviation = 6 * Math.sqrt(FLOWS / (double) threads) * FRAMES / FLOWS;
            assertEquals(share, ring.count, deviation);
        }
    }

    /** The frames' numbers lie at their ends, for they are carried in others. */
    @ParameterizedTest
    @EnumSource
    void shouldShareByWhatIsInsideOfTunnelsWhereThatIsAskedFor(Carrier carrier) throws Exception {
        openRings(Mode.THROUGHPUT, 4, 16 << 20, Set.of(Fanout.INNER));
        int count = 20 * FLOWS;
        List<byte[]> frames = new ArrayList<>();
        for (int number = 0; number < count; number++) {
            byte[] inner = frame(number, number % FLOWS, number / FLOWS % 2 == 1);
            ByteBuffer.wrap(inner).putShort(16, (short) (inner.length - 14)).putInt(inner.length - 4, number);
            frames.add(carrier.frame(inner));
        }
        far.send(frames);
        awaitReceived(count);
        int[] ringOf = new int[FLOWS];
        Arrays.fill(ringOf, -1);
        for (int r = 0; r < 4; r++) {
            Ring ring = rings.get(r);
            ring.numberFromEnd = true;
            ring.drain();
            for (int i = 0; i < ring.count; i++) {
                int flow = ring.numbers[i] % FLOWS;
                assertTrue(ringOf[flow] == -1 || ringOf[flow] == r, "a flow in two rings: " + flow);
                ringOf[flow] = r;
            }
        }
        for (Ring ring : rings) { // six standard deviations
            assertEquals(count / 4.0, ring.count, 6 * Math.sqrt(FLOWS * 3 / 16.0) * count / FLOWS);
        }
    }

    /** Without, the kernel sees one conversation between the tunnel's ends. */
    @Test
    void shouldBringATunnelToOneRingWhereNothingIsAskedFor() throws Exception {
        openRings(Mode.THROUGHPUT, 4, 16 << 20, Set.of());
        List<byte[]> frames = new ArrayList<>();
        for (int number = 0; number < FLOWS; number++) {
            frames.add(Carrier.VXLAN.frame(frame(number, number, false)));
        }
        far.send(frames);
        awaitReceived(FLOWS);
        rings.forEach(Ring::drain);
        assertEquals(1, rings.stream().filter(ring -> ring.count == FLOWS).count());
    }

    private void awaitReceived(long frames) {
        VethPair.await(() -> rings.stream()
                        .mapToLong(ring -> ring.source.counts().received())
                        .sum()
                == frames);
    }

    /** Nobody reads the first ring while twice as much comes as it holds. */
    private void stallTheFirstRing() {
        for (int i = 0; i < FRAMES; i += 100) {
            send(i, i + 100);
            rings.getLast().read();
        }
    }

    private long dropped() {
        return rings.stream().mapToLong(ring -> ring.source.counts().dropped()).sum();
    }

    @ParameterizedTest
    @CsvSource({"THROUGHPUT", "LOW_LATENCY"})
    void shouldRollOverToARingWithRoomWhereThatIsAskedFor(Mode mode) throws Exception {
        openRings(mode, 2, 2 << 20, Set.of(Fanout.ROLLOVER));
        stallTheFirstRing();
        awaitReceived(FRAMES);
        rings.forEach(Ring::drain);
        // In TPACKET_V3 the kernel finds out that a ring is full with a frame that its last block has no room for.
        assertTrue(dropped() <= (mode == Mode.THROUGHPUT ? 1 : 0), "dropped " + dropped());
        assertEquals(FRAMES, rings.getFirst().count + rings.getLast().count + dropped());
        assertTrue(rings.getFirst().count > 0);
        assertTrue(rings.getLast().count > FRAMES * 2 / 3, "moved: " + rings.getLast().count);
        boolean[] seen = new boolean[FRAMES];
        for (Ring ring : rings) {
            for (int i = 0; i < ring.count; i++) {
                assertTrue(!seen[ring.numbers[i]], "twice: " + ring.numbers[i]);
                seen[ring.numbers[i]] = true;
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"THROUGHPUT", "LOW_LATENCY"})
    void shouldKeepFlowsTogetherAndCountTheLossWithoutRollover(Mode mode) throws Exception {
        openRings(mode, 2, 2 << 20, Set.of());
        stallTheFirstRing();
        awaitReceived(FRAMES);
        rings.forEach(Ring::drain);
        assertTrue(dropped() > 1_000, "dropped " + dropped());
        assertEquals(0, rings.getLast().source.counts().dropped());
        assertEquals(FRAMES, rings.getFirst().count + rings.getLast().count + dropped());
    }

    /** The two halves of a datagram, as frames. */
    private static List<byte[]> fragments(int identifier) {
        ByteBuffer whole = ByteBuffer.wrap(FarSender.udp(42 + 960));
        List<byte[]> fragments = new ArrayList<>();
        for (int half = 0; half < 2; half++) {
            int payload = half == 0 ? 488 : 480; // of IP; the first holds the UDP header
            ByteBuffer frame = ByteBuffer.allocate(34 + payload);
            frame.put(whole.array(), 0, 34);
            frame.put(whole.array(), 34 + half * 488, payload);
            frame.putShort(16, (short) (20 + payload)).putShort(18, (short) identifier);
            frame.putShort(20, (short) (half == 0 ? 0x2000 : 488 / 8)); // more to come; offset
            frame.putShort(24, checksum(frame));
            fragments.add(frame.array());
        }
        return fragments;
    }

    private static short checksum(ByteBuffer frame) {
        int sum = 0;
        for (int at = 14; at < 34; at += 2) {
            sum += at == 24 ? 0 : Short.toUnsignedInt(frame.getShort(at));
        }
        return (short) ~((sum & 0xffff) + (sum >>> 16));
    }

    @Test
    void shouldPutFragmentsTogetherWhereThatIsAskedFor() throws Exception {
        openRings(Mode.THROUGHPUT, 2, 2 << 20, Set.of(Fanout.DEFRAGMENT, Fanout.ROLLOVER));
        fragments(7).forEach(far::send);
        fragments(8).forEach(far::send);
        awaitReceived(2);
        rings.forEach(Ring::drain);
        assertEquals(14 + 20 + 968, Math.max(rings.getFirst().longest, rings.getLast().longest));
    }

    @Test
    void shouldLeaveFragmentsAsTheyAreByDefault() throws Exception {
        openRings(Mode.THROUGHPUT, 2, 2 << 20, Set.of());
        fragments(7).forEach(far::send);
        awaitReceived(2);
        rings.forEach(Ring::drain);
        assertEquals(34 + 488, Math.max(rings.getFirst().longest, rings.getLast().longest));
    }
}
