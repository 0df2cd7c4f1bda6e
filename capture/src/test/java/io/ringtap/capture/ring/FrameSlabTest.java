package io.ringtap.capture.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FrameSlabTest {
    private final Arena arena = Arena.ofConfined();
    private final MemorySegment source = arena.allocate(1 << 19, 8);
    private FrameSlab slab = new FrameSlab(1_024, arena);

    FrameSlabTest() {
        byte[] noise = new byte[(int) source.byteSize()];
        new SplittableRandom(1).nextBytes(noise);
        MemorySegment.copy(noise, 0, source, ValueLayout.JAVA_BYTE, 0, noise.length);
    }

    @AfterEach
    void close() {
        arena.close();
    }

    private long write(int length) {
        long position = slab.write(source.address(), length);
        assertTrue(position >= 0, "no room for " + length);
        return position;
    }

    private void refuses(int length) {
        assertEquals(FrameSlab.NO_ROOM, slab.write(source.address(), length));
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "1, 8", "14, 16", "60, 64", "64, 64", "65, 72", "1023, 1024"})
    void shouldPackFramesOneBehindTheOther(int length, int space) {
        assertEquals(0, write(length));
        slab.releaseAll();
        assertEquals(space, write(0));
    }

    @Test
    void shouldTakeExactlySixteenMinimumFramesInto1024Bytes() {
        for (int i = 0; i < 16; i++) {
            assertEquals(i * 64L, write(60));
        }
        refuses(60);
        refuses(1);
        slab.releaseUntil(64);
        refuses(65);
        assertEquals(1_024, write(64));
    }

    @Test
    void shouldStartAtTheBeginningWhatWouldNotFitBeforeTheEnd() {
        write(1_000);
        slab.releaseUntil(1_000);
        assertEquals(1_024, write(25));
        assertEquals(0, offset(1_024));
    }

    @Test
    void shouldUseTheLastBytesBeforeTheEnd() {
        write(1_000);
        slab.releaseUntil(1_000);
        assertEquals(1_000, write(24));
        assertEquals(1_000, offset(1_000));
        assertEquals(1_024, write(1_000));
    }

    @Test
    void shouldNotTakeAFrameThatWouldLapOneStillNeeded() {
        write(512);
        write(400);
        refuses(113); // neither before the end nor at the beginning
        slab.releaseUntil(512);
        refuses(513);
        assertEquals(1_024, write(512));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 14, 60, 1_514, 9_018, 65_535, 131_072, 262_144})
    void shouldHoldOneFrameOfAnyLengthUnharmed(int length) {
        slab = new FrameSlab(1 << 19, arena);
        long position = offset(write(length));
        assertEquals(-1, MemorySegment.mismatch(source, 0, length, slab.bytes(), position, position + length));
    }

    @Test
    void shouldTakeHalfItsSizeWhereverItStandsOnceItIsEmpty() {
        for (int before = 0; before <= 1_024; before++) {
            write(before % 512);
            slab.releaseAll();
            write(512);
            slab.releaseAll();
        }
    }

    @Test
    void shouldTakeAllItsSizeWhereverItStandsOnceItIsEmpty() {
        write(8);
        slab.releaseAll();
        assertEquals(1_024, write(1_024)); // else a capture thread waits for ever for room that nobody can make
        refuses(1);
    }

    @Test
    void shouldRefuseASizeThatIsNotAPowerOfTwo() {
        assertThrows(IllegalArgumentException.class, () -> new FrameSlab(0, arena));
        assertThrows(IllegalArgumentException.class, () -> new FrameSlab(1_000, arena));
    }

    /** A frame that is written and not released, and where its bytes came from. */
    private record Written(long position, int length, int sourceOffset) {}

    @ParameterizedTest
    @CsvSource({"1024, 512, 2000000", "4096, 300, 2000000", "65536, 9018, 200000", "1048576, 262144, 5000"})
    void shouldGiveBackWhatWasWrittenAsLongAsItIsNotReleased(int size, int longest, int steps) {
        slab = new FrameSlab(size, arena);
        RandomGenerator random = new SplittableRandom(size);
        Deque<Written> model = new ArrayDeque<>();
        long written = 0;
        for (int step = 0; step < steps; step++) {
            int length = random.nextInt(8) == 0 ? random.nextInt(longest + 1) : random.nextInt(longest / 4);
            int offset = random.nextInt((int) source.byteSize() - length);
            long position = slab.write(source.address() + offset, length);
            if (position == FrameSlab.NO_ROOM) {
                release(model, random.nextInt(model.size() + 1));
            } else {
                model.add(new Written(position, length, offset));
                written++;
            }
        }
        release(model, model.size());
        assertTrue(written > steps / 2, "written " + written);
    }

    private void release(Deque<Written> model, int count) {
        for (int i = 0; i < count; i++) {
            Written w = model.remove();
            long start = offset(w.position());
            assertEquals(
                    -1,
                    MemorySegment.mismatch(
                            slab.bytes(),
                            start,
                            start + w.length(),
                            source,
                            w.sourceOffset(),
                            w.sourceOffset() + w.length()));
        }
        if (model.isEmpty()) {
            slab.releaseAll();
        } else {
            slab.releaseUntil(model.peek().position());
        }
    }

    private long offset(long position) {
        return slab.address(position) - slab.bytes().address();
    }
}
