package io.ringtap.inject.mmsg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.inject.kernel.Errno;
import io.ringtap.inject.kernel.Kernel;
import io.ringtap.inject.kernel.SendingInterface;
import io.ringtap.testnet.FarCapture;
import io.ringtap.testnet.VethPair;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the kernel refuses stays the sender's: its slots are free at once, and nothing of it leaves later. */
@Tag("live")
class TransmitRingTest {
    private static final int FRAME_BYTES = 60;
    private static final int NUMBER = 14; // where in a frame

    @Test
    void shouldSendNothingLaterOfWhatWasRefusedWhileTheLinkWasDown(@TempDir Path folder) throws Exception {
        try (VethPair pair = VethPair.open();
                FarCapture far = FarCapture.start(folder);
                TransmitRing ring = open()) {
            pair.set(VethPair.NEAR, false);
            put(ring, 1, 2, 3);
            assertEquals(-Errno.ENETDOWN, ring.send(3));
            assertEquals(3, ring.free(3));
            pair.set(VethPair.NEAR, true);
            VethPair.await(() -> sends(ring, 4));
            assertTrue(sends(ring, 5));
            assertEquals(List.of(4, 5), numbers(far, 2));
        }
    }

    @Test
    void shouldGoOnBehindAFrameThatTheKernelTakesForNone(@TempDir Path folder) throws Exception {
        try (VethPair _ = VethPair.open();
                FarCapture far = FarCapture.start(folder);
                TransmitRing ring = open()) {
            put(ring, 1, 2, 3);
            ring.length(ring.slot(1), ring.slotBytes());
            assertEquals(1, ring.send(3), "the second is longer than its slot");
            assertEquals(3, ring.free(3));
            put(ring, 4, 5, 6);
            assertEquals(3, ring.send(3));
            assertEquals(List.of(1, 4, 5, 6), numbers(far, 4));
        }
    }

    private static TransmitRing open() throws Exception {
        Kernel kernel = new Kernel();
        return TransmitRing.open(kernel, SendingInterface.of(VethPair.NEAR), FRAME_BYTES);
    }

    private static boolean sends(TransmitRing ring, int number) {
        put(ring, number);
        return ring.send(1) == 1;
    }

    private static void put(TransmitRing ring, int... numbers) {
        for (int i = 0; i < numbers.length; i++) {
            int slot = ring.slot(i);
            byte[] frame = ByteBuffer.allocate(FRAME_BYTES)
                    .putShort(12, (short) 0x88b5)
                    .put(0, (byte) 2)
                    .put(NUMBER, (byte) numbers[i])
                    .array();
            ring.memory().put(slot * ring.slotBytes() + TransmitRing.FRAME, frame);
            ring.length(slot, FRAME_BYTES);
        }
    }

    private static List<Integer> numbers(FarCapture far, int expected) throws Exception {
        return far.frames(expected).stream().map(frame -> (int) frame[NUMBER]).toList();
    }
}
