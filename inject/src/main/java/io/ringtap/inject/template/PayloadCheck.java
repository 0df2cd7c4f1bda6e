package io.ringtap.inject.template;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The CRC of a mark, over the payload without the four bytes it stands in.
 *
 * @param start where the payload begins
 * @param offset where the CRC stands
 * @param end the first byte behind the payload
 */
public record PayloadCheck(int start, int offset, int end, CRC32C crc) {
    /** Whether it depends on a byte of the frame. */
    public boolean covers(int at) {
        return at >= start && at < end && (at < offset || at >= offset + Integer.BYTES);
    }

    /** Computes it for a frame that begins at {@code at}. */
    public int of(ByteBuffer memory, int at) {
        crc.reset();
        update(memory, at + start, at + offset);
        update(memory, at + offset + Integer.BYTES, at + end);
        return (int) crc.getValue();
    }

    private void update(ByteBuffer memory, int from, int to) {
        memory.limit(to).position(from);
        crc.update(memory);
        memory.clear();
    }
}
