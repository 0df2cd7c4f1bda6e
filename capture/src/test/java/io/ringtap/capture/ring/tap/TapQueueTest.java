package io.ringtap.capture.ring.tap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.capture.pcap.PcapFilter;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TapQueueTest {
    private static final int BYTES = 1 << 20;
    private static final int FRAME_BYTES = 101;
    private static final int BLOCK_BYTES = 28 + 104 + 4;

    private final Arena arena = Arena.ofConfined();
    private final MemorySegment frame = arena.allocate(FRAME_BYTES);
    private final ByteBuffer out = ByteBuffer.allocate(BYTES).order(ByteOrder.nativeOrder());

    @AfterEach
    void close() {
        arena.close();
    }

    private static TapQueue queue(String filter, int snaplen) {
        return new TapQueue(
                filter.isEmpty() ? Optional.empty() : Optional.of(PcapFilter.inProcess(filter)), snaplen, 3, BYTES);
    }

    private void put(TapQueue queue, int number) {
        frame.set(ValueLayout.JAVA_INT_UNALIGNED, 20, number);
        assertTrue(queue.onFrame(frame.address(), FRAME_BYTES, 1_500, 5_000_000_000L + number));
    }

    private void assertNext(TapQueue queue, int number) {
        assertEquals(5_000_000_000L + number, queue.nextNanos());
        out.clear();
        assertTrue(queue.moveTo(out));
        assertEquals(BLOCK_BYTES, out.position());
        assertEquals(6, out.getInt(0));
        assertEquals(BLOCK_BYTES, out.getInt(4));
        assertEquals(3, out.getInt(8));
        assertEquals(FRAME_BYTES, out.getInt(20));
        assertEquals(1_500, out.getInt(24));
        assertEquals(number, out.getInt(28 + 20));
        assertEquals(0, out.get(28 + FRAME_BYTES), "padding");
        assertEquals(BLOCK_BYTES, out.getInt(BLOCK_BYTES - 4));
    }

    @Test
    void shouldShedWhatDoesNotFitAndKeepWhatCameBefore() {
        int room = BYTES / BLOCK_BYTES;
        try (TapQueue queue = queue("", 65_535)) {
            for (int i = 0; i < room + 7; i++) {
                put(queue, i);
            }
            assertEquals(room, queue.queued());
            assertEquals(7, queue.shed());
            for (int i = 0; i < room; i++) {
                assertNext(queue, i);
            }
            assertEquals(Long.MAX_VALUE, queue.nextNanos());
        }
    }

    @Test
    void shouldGoAroundManyTimes() {
        try (TapQueue queue = queue("", 65_535)) {
            int taken = 0;
            for (int i = 0; i < 40_000; i++) {
                put(queue, i);
                if (i >= 5_000) { // so far behind
                    assertNext(queue, taken++);
                }
            }
            assertEquals(40_000, queue.queued());
            assertEquals(0, queue.shed());
        }
    }

    @Test
    void shouldWaitForRoomInTheTarget() {
        try (TapQueue queue = queue("", 65_535)) {
            put(queue, 1);
            assertEquals(5_000_000_001L, queue.nextNanos());
            out.limit(BLOCK_BYTES - 1);
            assertFalse(queue.moveTo(out));
            assertEquals(0, out.position());
            out.limit(BLOCK_BYTES);
            assertTrue(queue.moveTo(out));
        }
    }

    @Test
    void shouldCutFrames() {
        try (TapQueue queue = queue("", 60)) {
            put(queue, 9);
            assertEquals(5_000_000_009L, queue.nextNanos());
            assertTrue(queue.moveTo(out));
            assertEquals(28 + 60 + 4, out.position());
            assertEquals(60, out.getInt(20));
            assertEquals(1_500, out.getInt(24));
            assertEquals(out.position(), out.getInt(out.position() - 4));
        }
    }

    @Test
    void shouldTakeOnlyWhatPasses() {
        frame.set(ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN), 12, (short) 0x88b5);
        try (TapQueue queue = queue("ether proto 0x88b6", 65_535);
                TapQueue other = queue("ether proto 0x88b5", 65_535)) {
            put(queue, 1);
            put(other, 1);
            assertEquals(0, queue.queued() + queue.shed());
            assertNext(other, 1);
        }
    }
}
