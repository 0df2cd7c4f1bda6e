package io.ringtap.inject.template;

import java.nio.ByteBuffer;

/**
 * Some bytes of a frame that are not the same in each.
 *
 * @param offset where they begin
 * @param width how many, 1 to 8
 * @param source what they hold, in {@code bits} bits
 * @param bits how many bits of it are taken, the lowest
 * @param shift how far left they stand in the bytes
 * @param around what the other bits of the bytes hold
 */
public record Patch(int offset, int width, ValueSource source, int bits, int shift, long around) {
    /** The bytes, as a number. */
    long value(long index, long timeNanos) {
        long value = source.at(index, timeNanos);
        long taken = bits == Long.SIZE ? value : value & ((1L << bits) - 1);
        return around | (taken << shift);
    }

    /** Puts bytes into a frame that begins at {@code start}. */
    void put(ByteBuffer memory, int start, long value) {
        put(memory, start + offset, width, value);
    }

    static void put(ByteBuffer memory, int at, int width, long value) {
        switch (width) {
            case Byte.BYTES -> memory.put(at, (byte) value);
            case Short.BYTES -> memory.putShort(at, (short) value);
            case Integer.BYTES -> memory.putInt(at, (int) value);
            case Long.BYTES -> memory.putLong(at, value);
            default -> {
                for (int i = 0; i < width; i++) {
                    memory.put(at + i, (byte) (value >>> ((width - 1 - i) * Byte.SIZE)));
                }
            }
        }
    }
}
