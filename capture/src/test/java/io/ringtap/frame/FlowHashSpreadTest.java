package io.ringtap.frame;

import static io.ringtap.capturefile.FrameBytes.ICMP;
import static io.ringtap.capturefile.FrameBytes.TCP;
import static io.ringtap.capturefile.FrameBytes.UDP;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.capturefile.FrameBytes;
import io.ringtap.frame.Encapsulation.End;
import java.util.Arrays;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;

class FlowHashSpreadTest {
    private static final End A = new End(0x02_00_00_00_00_0aL, 0x0a00_0001, 4_000);
    private static final End B = new End(0x02_00_00_00_00_0bL, 0xc0a8_0102, 443);

    @Test
    void shouldSpreadFlowsThatDifferInThePortAlone() {
        assertSpread(n -> Encapsulation.PLAIN_IPV4.hash(new End(A.mac(), A.ip(), 10_000 + n), B, TCP));
        assertSpread(n -> Encapsulation.PLAIN_IPV6.hash(new End(A.mac(), A.ip(), 10_000 + n), B, UDP));
    }

    @Test
    void shouldSpreadFlowsThatDifferInTheAddressAlone() {
        assertSpread(n -> Encapsulation.PLAIN_IPV4.hash(new End(A.mac(), A.ip() + n, A.port()), B, TCP));
        assertSpread(n -> Encapsulation.PLAIN_IPV4.hash(new End(A.mac(), A.ip() + (n << 8), A.port()), B, ICMP));
        assertSpread(n -> Encapsulation.PLAIN_IPV6.hash(new End(A.mac(), A.ip() + n, A.port()), B, TCP));
        assertSpread(n -> FlowHash.of(new GuardedFrame(
                new FrameBytes(A.mac() + n, B.mac()).type(FrameBytes.ARP).bytes())));
    }

    @Test
    void shouldSpreadFlowsWhoseEndsGrowTogether() {
        assertSpread(n -> Encapsulation.PLAIN_IPV4.hash(
                new End(A.mac(), A.ip() + n, 1_024 + n), new End(B.mac(), B.ip() + n, 1_024 + n), UDP));
    }

    /**
     * Over four threads and over three, by the low bits and by the high ones: 10,000 flows, of which a fair hash sends
     * each thread 2,500 with a standard deviation of 43. Chi-squared with 3 degrees of freedom is above 16.3 once in a
     * thousand.
     */
    private static void assertSpread(IntUnaryOperator hashOfFlow) {
        int flows = 10_000;
        assertFair(flows, 4, n -> hashOfFlow.applyAsInt(n) & 3);
        assertFair(flows, 4, n -> hashOfFlow.applyAsInt(n) >>> 30);
        assertFair(flows, 3, n -> Integer.remainderUnsigned(hashOfFlow.applyAsInt(n), 3));
    }

    private static void assertFair(int flows, int threads, IntUnaryOperator threadOfFlow) {
        int[] counts = new int[threads];
        for (int n = 0; n < flows; n++) {
            counts[threadOfFlow.applyAsInt(n)]++;
        }
        double fair = (double) flows / threads;
        double chiSquared = 0;
        for (int count : counts) {
            chiSquared += (count - fair) * (count - fair) / fair;
        }
        assertTrue(chiSquared < 16.3, Arrays.toString(counts));
    }
}
