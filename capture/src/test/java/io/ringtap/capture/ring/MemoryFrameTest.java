package io.ringtap.capture.ring;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.ringtap.frame.Frame;
import io.ringtap.frame.TunnelPorts;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class MemoryFrameTest {
    private final Arena arena = Arena.ofShared();
    private final FrameSlab slab = new FrameSlab(64, arena);
    private final MemoryFrame frame = new MemoryFrame("uplink", TunnelPorts.DEFAULT);

    @BeforeEach
    void putAFrameBetweenOthers() {
        MemorySegment bytes = arena.allocateFrom(
                ValueLayout.JAVA_BYTE, new byte[] {-1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16});
        slab.write(bytes.address(), 16);
        FrameSlot slot = new FrameSlot();
        slot.position = slab.write(bytes.address(), 11);
        slot.captured = 11;
        slot.original = 1_514;
        slot.timestampNanos = 1_700_000_000_123_456_789L;
        slab.write(bytes.address(), 16);
        frame.moveTo(slab, slot);
    }

    @AfterEach
    void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }

    @Test
    void shouldReadNumbersInNetworkByteOrder() {
        assertEquals(-1, frame.byteAt(0));
        assertEquals(255, frame.unsignedByteAt(0));
        assertEquals(0xff02, frame.unsignedShortAt(0));
        assertEquals(0x0a0b, frame.unsignedShortAt(9));
        assertEquals(0xff020304, frame.intAt(0));
        assertEquals(0x08090a0b, frame.intAt(7));
        assertEquals(0xff02030405060708L, frame.longAt(0));
        assertEquals(0x0405060708090a0bL, frame.longAt(3));
    }

    @Test
    void shouldTellWhatTheSlotTells() {
        assertEquals(11, frame.length());
        assertEquals(1_514, frame.originalLength());
        assertEquals(1_700_000_000_123_456_789L, frame.timestampNanos());
        assertEquals("uplink", frame.captureName());
        assertArrayEquals(new byte[] {-1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}, frame.toByteArray());
    }

    @Test
    void shouldBeEmptyForWhoHasKeptItUntilTheSlabIsGone() {
        frame.end();
        arena.close();
        assertEquals(0, frame.length());
        refuses(() -> frame.byteAt(0));
        refuses(() -> frame.unsignedShortAt(0));
        refuses(() -> frame.intAt(0));
        refuses(() -> frame.longAt(0));
        refuses(() -> frame.copyTo(0, new byte[1], 0, 1));
        refuses(() -> frame.copyTo(0, ByteBuffer.allocate(1), 0, 1));
        assertArrayEquals(new byte[0], frame.toByteArray());
    }

    @Test
    void shouldNeverShowItsNeighbours() {
        for (int outside : new int[] {-1, 11, 12, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
            refuses(() -> frame.byteAt(outside));
            refuses(() -> frame.unsignedByteAt(outside));
            refuses(() -> frame.copyTo(outside, new byte[8], 0, 1));
        }
        refuses(() -> frame.unsignedShortAt(10));
        refuses(() -> frame.intAt(8));
        refuses(() -> frame.longAt(4));
        refuses(() -> frame.copyTo(4, new byte[8], 0, 8));
        refuses(() -> frame.copyTo(0, new byte[8], 0, -1));
        refuses(() -> frame.copyTo(0, new byte[8], 4, 5));
        for (ByteBuffer target : List.of(ByteBuffer.allocate(8), ByteBuffer.allocateDirect(8))) {
            refuses(() -> frame.copyTo(4, target, 0, 8));
            refuses(() -> frame.copyTo(-1, target, 0, 1));
            refuses(() -> frame.copyTo(0, target, 0, -1));
            refuses(() -> frame.copyTo(0, target, 4, 5));
        }
    }

    @Test
    void shouldCopyAPartIntoABuffer() {
        for (ByteBuffer target : List.of(ByteBuffer.allocate(6), ByteBuffer.allocateDirect(6))) {
            frame.copyTo(3, target, 1, 4);
            byte[] expected = new byte[6];
            frame.copyTo(3, expected, 1, 4);
            assertEquals(ByteBuffer.wrap(expected), target);
            assertEquals(0, target.position());
        }
    }

    private static void refuses(Executable read) {
        assertThrows(IndexOutOfBoundsException.class, read);
    }

    @Test
    void shouldKeepACopyWhenItMovesOn() {
        Frame copy = frame.copy();
        FrameSlot other = new FrameSlot();
        other.captured = 3;
        frame.moveTo(slab, other);
        assertEquals(3, frame.length());
        assertArrayEquals(new byte[] {-1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}, copy.toByteArray());
        assertEquals(1_514, copy.originalLength());
        assertEquals("uplink", copy.captureName());
    }
}
