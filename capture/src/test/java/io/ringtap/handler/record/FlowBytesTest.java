package io.ringtap.handler.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.capturefile.Carrier;
import io.ringtap.capturefile.FrameBytes;
import io.ringtap.frame.Frame;
import io.ringtap.testkit.AllocatedPerCall;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FlowBytesTest {
    private static final long SECOND = 1_000_000_000;
    private static final long START = 1_700_000_000L * SECOND;
    private static final int PLACES = 1 << 12;
    private static final int SYN = 2;
    private static final int ACK = 16;

    private static Frame udp(int from, int fromPort, int to, int toPort, long nanos) {
        return frame(
                new FrameBytes(1, 2)
                        .type(FrameBytes.IPV4)
                        .ipv4(from, to, FrameBytes.UDP, 0, 0, 58)
                        .ports(fromPort, toPort)
                        .u16(58)
                        .u16(0)
                        .fill(50)
                        .bytes(),
                nanos);
    }

    private static Frame tcp(int flags, long nanos) {
        byte[] bytes = new FrameBytes(1, 2)
                .type(FrameBytes.IPV4)
                .ipv4(1, 2, FrameBytes.TCP, 0, 0, 58)
                .ports(3, 4)
                .fill(54)
                .bytes();
        bytes[34 + 12] = 5 << 4;
        bytes[34 + 13] = (byte) flags;
        return frame(bytes, nanos);
    }

    private static Frame frame(byte[] bytes, long nanos) {
        return Frame.of(bytes, 100, START + nanos, "uplink");
    }

    private static int taken(FlowBytes flows, int times, Frame frame) {
        int taken = 0;
        for (int i = 0; i < times; i++) {
            taken += flows.take(frame) ? 1 : 0;
        }
        return taken;
    }

    /** The frame that comes over the limit is the last; lengths are those on the link. */
    @Test
    void shouldTakeBothDirectionsTogether() {
        FlowBytes flows = new FlowBytes(450, PLACES);
        assertEquals(3, taken(flows, 3, udp(1, 10, 2, 20, 0)));
        assertEquals(2, taken(flows, 3, udp(2, 20, 1, 10, 0)));
        assertEquals(0, taken(flows, 3, udp(1, 10, 2, 20, 0)));
        assertEquals(5, taken(flows, 9, udp(1, 20, 2, 10, 0)), "the same ports, the other way about");
        assertEquals(0, flows.forgotten());
    }

    @Test
    void shouldKnowConversationsThatAreNotIpByTheirAddressesAndType() {
        FlowBytes flows = new FlowBytes(100, PLACES);
        assertEquals(
                1,
                taken(
                        flows,
                        3,
                        frame(new FrameBytes(1, 2).type(0x88b5).padTo(60).bytes(), 0)));
        assertEquals(
                0,
                taken(
                        flows,
                        3,
                        frame(new FrameBytes(2, 1).type(0x88b5).padTo(60).bytes(), 0)));
        assertEquals(
                1,
                taken(
                        flows,
                        3,
                        frame(new FrameBytes(1, 2).type(0x88b6).padTo(60).bytes(), 0)));
        assertEquals(
                1,
                taken(
                        flows,
                        3,
                        frame(new FrameBytes(1, 3).type(0x88b5).padTo(60).bytes(), 0)));
        assertEquals(3, taken(flows, 3, frame(new byte[5], 0)), "of none");
    }

    @Test
    void shouldTellConversationsApartByTheirVlan() {
        FlowBytes flows = new FlowBytes(100, PLACES);
        assertEquals(1, taken(flows, 2, tagged(new FrameBytes(1, 2).tag(0x8100, 100))));
        assertEquals(1, taken(flows, 2, tagged(new FrameBytes(1, 2).tag(0x8100, 101))));
        assertEquals(
                1, taken(flows, 2, tagged(new FrameBytes(1, 2).tag(0x88a8, 100).tag(0x8100, 101))));
        assertEquals(
                0,
                taken(flows, 2, tagged(new FrameBytes(1, 2).tag(0x9100, 0x6064).tag(0x8100, 101))),
                "same ids");
    }

    private static Frame tagged(FrameBytes link) {
        byte[] bytes = link.type(FrameBytes.IPV4)
                .ipv4(1, 2, FrameBytes.UDP, 0, 0, 58)
                .ports(3, 4)
                .u16(58)
                .u16(0)
                .fill(50)
                .bytes();
        return frame(bytes, 0);
    }

    /** One that is carried in a tunnel is the conversation inside, however it comes. */
    @Test
    void shouldKnowAConversationInATunnelByItsInnermostAddresses() {
        FlowBytes flows = new FlowBytes(300, PLACES);
        byte[] inner = udp(1, 10, 2, 20, 0).toByteArray();
        assertEquals(1, taken(flows, 1, frame(inner, 0)));
        assertEquals(1, taken(flows, 1, frame(Carrier.VXLAN.frame(inner), 0)));
        assertEquals(
                1, taken(flows, 1, frame(Carrier.GTP.frame(udp(2, 20, 1, 10, 0).toByteArray()), 0)));
        assertEquals(0, taken(flows, 1, frame(Carrier.GENEVE.frame(inner), 0)));
        assertEquals(
                3,
                taken(flows, 4, frame(Carrier.VXLAN.frame(udp(1, 11, 2, 20, 0).toByteArray()), 0)));
    }

    @Test
    void shouldBeginAnewWithASynAndAfterSilence() {
        FlowBytes flows = new FlowBytes(100, PLACES);
        assertEquals(1, taken(flows, 3, tcp(ACK, 0)));
        assertEquals(1, taken(flows, 1, tcp(SYN, 0)));
        assertEquals(0, taken(flows, 3, tcp(SYN | ACK, 0)));
        assertEquals(0, taken(flows, 3, tcp(ACK, 290 * SECOND)));
        assertEquals(0, taken(flows, 3, tcp(ACK, 580 * SECOND)), "frames that are cut keep it, too");
        assertEquals(1, taken(flows, 3, tcp(ACK, 890 * SECOND)));
        assertEquals(0, taken(flows, 3, tcp(ACK, 0)), "a clock that was put back");
    }

    /** What is forgotten begins anew: no less of any conversation is kept than without a limit of memory. */
    @Test
    void shouldForgetWhatIsSilentForLongestWhereMemoryIsUsedUp() {
        FlowBytes flows = new FlowBytes(200, 16);
        for (int i = 0; i < 16; i++) {
            assertEquals(2, taken(flows, 3, udp(1, i, 2, 20, i * 2L * SECOND)));
        }
        assertEquals(0, flows.forgotten());
        assertEquals(0, taken(flows, 1, udp(1, 0, 2, 20, 40 * SECOND)));
        assertEquals(2, taken(flows, 3, udp(1, 99, 2, 20, 42 * SECOND)));
        assertEquals(1, flows.forgotten());
        assertEquals(0, taken(flows, 3, udp(1, 0, 2, 20, 42 * SECOND)));
        assertEquals(2, taken(flows, 3, udp(1, 1, 2, 20, 42 * SECOND)));
        assertEquals(2, flows.forgotten());
    }

    /** An eighth of the places is taken, beside a map that forgets none. */
    @Test
    void shouldCountAsAMapDoesWhereThereIsMemory() {
        FlowBytes flows = new FlowBytes(1_000, 1 << 14, 1);
        Map<Long, Integer> counts = new HashMap<>();
        Random random = new Random(5);
        int more = 0;
        for (int i = 0; i < 100_000; i++) {
            int a = random.nextInt(32);
            int b = random.nextInt(64);
            boolean swap = random.nextBoolean();
            long key = (long) a << 32 | b;
            boolean expected = counts.merge(key, 1, Integer::sum) <= 10;
            Frame frame = swap ? udp(1_000 + b, 9, a, 7, 0) : udp(a, 7, 1_000 + b, 9, 0);
            boolean taken = flows.take(frame);
            assertTrue(taken || !expected, "the beginning of a conversation was cut");
            more += taken && !expected ? 1 : 0;
        }
        assertEquals(0, flows.forgotten());
        assertEquals(0, more);
    }

    @Test
    void shouldNotOverflowWithTheMostBytesThereCanBe() {
        FlowBytes flows = new FlowBytes(Long.MAX_VALUE, 16);
        assertEquals(100, taken(flows, 100, udp(1, 2, 3, 4, 0)));
        assertFalse(new FlowBytes(0, 16).take(udp(1, 2, 3, 4, 0)));
    }

    /** The copy's headers are decoded anew, and that allocates; a borrowed frame's are shared. */
    @Test
    void shouldAllocateNothing() throws Exception {
        FlowBytes flows = new FlowBytes(1_000, PLACES);
        Frame frame = new KeptHeaders(udp(1, 2, 3, 4, 0));
        AllocatedPerCall.assertNone(100_000, calls -> taken(flows, calls, frame));
    }
}
