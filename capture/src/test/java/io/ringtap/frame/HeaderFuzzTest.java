package io.ringtap.frame;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.ringtap.capturefile.SampleFrames;
import io.ringtap.frame.Encapsulation.End;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Frames as an attacker would send them: {@link GuardedFrame} fails at every read outside of one. */
class HeaderFuzzTest {
    private static final int MAC_BYTES = 6;
    private static final int LONGEST_SEED = 200;
    private static final End A = new End(0x02_00_00_00_00_0aL, 0x0a00_0001, 4_000);
    private static final End B = new End(0x02_00_00_00_00_0bL, 0xc0a8_0102, 443);

    @MethodSource("frames")
    @FuzzTest(maxDuration = "1m")
    void shouldTakeBothDirectionsAlikeAndStayInsideTheFrame(byte[] bytes) {
        Frame frame = new GuardedFrame(bytes);
        Headers level = frame.headers();
        for (Headers in = level; in != null; in = in.inner()) {
            checkOffsets(frame, in);
            readAll(in);
            checkWayBack(bytes, in);
        }
        assertEquals(FlowHash.of(level.innermost()), frame.flowHash());
        int type = frame.etherType();
        assertEquals(Math.max(Frame.ETHERTYPE_LENGTH, level.etherType()), type);
        assertTrue(type == Frame.ETHERTYPE_LENGTH || (type >= 0x600 && type <= 0xffff), () -> "EtherType " + type);
        dissect(frame);
    }

    private static void checkOffsets(Frame frame, Headers level) {
        int ipBytes = level.isIp() ? level.network() == Headers.Network.IPV4 ? 20 : 40 : 0;
        int ip = level.networkOffset();
        assertTrue(level.level() > 0 || level.hasMacs() == frame.length() >= 2 * MAC_BYTES);
        assertTrue(ipBytes == 0 || (ip >= 14 && ip + ipBytes <= frame.length()), () -> "IP header at " + ip);
        int transport = level.transportOffset();
        assertTrue(
                transport < 0 || (transport >= ip + ipBytes && transport <= frame.length()), () -> "at " + transport);
        assertTrue(level.sourcePort() < 0 || transport + 4 <= frame.length(), () -> "ports at " + transport);
        int payload = level.payloadOffset();
        assertTrue(payload >= 0 && payload + level.payloadLength() <= frame.length(), () -> "payload at " + payload);
        assertTrue(level.payloadLength() >= 0 && level.payloadLength() <= level.originalPayloadLength());
        assertEquals(level.fault() == Headers.Fault.NONE, level.faultOffset() < 0);
        assertTrue(level.level() < Headers.MOST_LEVELS);
    }

    /** What each reads lies in the frame, whatever the frame: else {@link GuardedFrame} throws. */
    private static void readAll(Headers level) {
        for (int tag = 0; tag <= level.vlanTags(); tag++) {
            int vlan = level.vlan(tag);
            assertTrue(vlan >= 0 && vlan < 4096, () -> "VLAN " + vlan);
            assertTrue(level.vlanPriority(tag) <= 7);
        }
        for (int label = 0; label < level.mplsLabels(); label++) {
            int value = level.mplsLabel(label);
            assertTrue(value >= 0 && value < 1 << 20, () -> "label " + value);
        }
        assertEquals(level.isIp() || level.hasMacs(), !level.source().isEmpty());
        assertEquals(level.isIp() || level.hasMacs(), !level.destination().isEmpty());
        long sum = level.tcpFlags() + level.tcpSequence() + level.tcpAcknowledgment() + level.tcpWindow();
        sum += level.icmpType() + level.icmpCode() + level.arpOperation() + level.timeToLive() + level.trafficClass();
        sum += level.pppoeSession() + level.tunnelId() + level.tunnelSequence() + level.destinationPort();
        assertTrue(sum >= -13);
    }

    /** A level whose addresses and ports change places has the same shape, and the same hash, if nothing outside was guessed. */
    private static void checkWayBack(byte[] bytes, Headers level) {
        for (Headers out = level; out != null; out = out.outer()) {
            if (out.tunnel() == Tunnel.EOMPLS) {
                return;
            }
        }
        Headers back = new GuardedFrame(exchanged(bytes, level)).headers();
        for (int i = 0; i < level.level(); i++) {
            back = back.inner();
            assertNotNull(back, "the way back is no tunnel");
        }
        assertEquals(level.networkOffset(), back.networkOffset());
        assertEquals(level.transportOffset(), back.transportOffset());
        assertEquals(FlowHash.of(level), FlowHash.of(back), "the way back has another hash");
    }

    /** The same frame on its way back: both pairs of addresses and the ports change places. */
    private static byte[] exchanged(byte[] bytes, Headers level) {
        byte[] back = bytes.clone();
        if (level.hasMacs()) {
            exchange(back, level.linkOffset(), MAC_BYTES);
        }
        switch (level.network()) {
            case IPV4 -> exchange(back, level.networkOffset() + 12, 4);
            case IPV6 -> exchange(back, level.networkOffset() + 8, 16);
            default -> {}
        }
        if (level.hasFlowPorts()) {
            exchange(back, level.transportOffset(), 2);
        }
        return back;
    }

    private static void exchange(byte[] bytes, int at, int length) {
        byte[] first = Arrays.copyOfRange(bytes, at, at + length);
        System.arraycopy(bytes, at + length, bytes, at, length);
        System.arraycopy(first, 0, bytes, at + length, length);
    }

    private static void dissect(Frame frame) {
        try {
            assertNotNull(frame.packet());
        } catch (IllegalArgumentException e) {
            assertTrue(e.getMessage().matches("(?s)(not an Ethernet frame|cannot be dissected): .*"), e::toString);
        }
    }

    static Stream<byte[]> frames() {
        Stream<byte[]> encapsulated =
                Stream.of(Encapsulation.values()).map(encapsulation -> encapsulation.frame(A, B, 6));
        return Stream.concat(encapsulated, SampleFrames.all().stream().filter(frame -> frame.length < LONGEST_SEED));
    }
}
