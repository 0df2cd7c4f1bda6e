package io.ringtap.capture.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.capture.WorkerConfig.Tunnels;
import io.ringtap.frame.Frame;
import io.ringtap.testnet.FarSender;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FlowSampleTest {
    private static final int FLOWS = 100_000;
    private static final int THREADS = 8;

    private static int hash(int flow, boolean back) {
        byte[] frame = FarSender.udp(60);
        ByteBuffer view = ByteBuffer.wrap(frame);
        int one = 0x0a00_0000 + flow;
        int other = 0xc0a8_0001;
        view.putInt(26, back ? other : one).putInt(30, back ? one : other);
        view.putShort(34, (short) (back ? 53 : 4_000)).putShort(36, (short) (back ? 4_000 : 53));
        return Frame.of(frame, 60, 0, "test").flowHash();
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.01, 0.1, 0.5, 0.9})
    void shouldTakeTheShareOfTheFlowsAndTheSameOfEveryThreads(double share) {
        FlowSample sample = new FlowSample(share, Tunnels.INNER);
        int[] taken = new int[THREADS];
        for (int flow = 0; flow < FLOWS; flow++) {
            int hash = hash(flow, false);
            if (sample.takes(hash)) {
                taken[(int) ((Integer.toUnsignedLong(hash) * THREADS) >>> 32)]++;
            }
        }
        double expected = share * FLOWS / THREADS;
        for (int thread = 0; thread < THREADS; thread++) {
            double off = Math.abs(taken[thread] - expected) / Math.sqrt(expected);
            assertTrue(off < 5, "thread " + thread + " has " + taken[thread] + " flows, not " + expected);
        }
    }

    @Test
    void shouldTakeBothDirectionsOfAFlowOrNeither() {
        FlowSample sample = new FlowSample(0.5, Tunnels.INNER);
        for (int flow = 0; flow < 1_000; flow++) {
            assertEquals(sample.takes(hash(flow, false)), sample.takes(hash(flow, true)));
        }
    }

    @Test
    void shouldTakeInASmallerSampleOnlyWhatALargerOneTakes() {
        FlowSample small = new FlowSample(0.1, Tunnels.INNER);
        FlowSample large = new FlowSample(0.2, Tunnels.INNER);
        for (int flow = 0; flow < 1_000; flow++) {
            int hash = hash(flow, false);
            assertTrue(!small.takes(hash) || large.takes(hash));
        }
    }

    @Test
    void shouldKnowWhetherItTakesAll() {
        assertTrue(new FlowSample(1, Tunnels.INNER).isAll());
        assertTrue(new FlowSample(1, Tunnels.INNER).takes(-1) && new FlowSample(1, Tunnels.INNER).takes(0));
        assertFalse(new FlowSample(0.999_999, Tunnels.INNER).isAll());
        assertFalse(new FlowSample(Double.MIN_VALUE, Tunnels.INNER).isAll());
    }
}
