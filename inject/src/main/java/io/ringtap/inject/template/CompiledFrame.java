package io.ringtap.inject.template;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * A template's frames of one length: the bytes that are the same in all of them, and what to put in for each. A frame
 * follows from its number alone, so that frames can be made in any order, and several at once in several places. Makes
 * no garbage. For one thread at a time.
 */
public final class CompiledFrame {
    private final byte[] image;
    private final Patch[] patches;
    private final Checksum[] checksums;
    private final PayloadCheck check;
    private final long[] shares;

    /** A frame; {@code check} may be null, and if it is not, the last patch is its place and has no source. */
    CompiledFrame(byte[] image, Patch[] patches, Checksum[] checksums, PayloadCheck check) {
        this.image = image;
        this.patches = patches;
        this.checksums = checksums;
        this.check = check;
        this.shares = new long[checksums.length];
    }

    /** Returns how long the frame is, without frame check sequence. */
    public int length() {
        return image.length;
    }

    /** Returns whether no two frames differ. */
    public boolean isConstant() {
        return patches.length == 0;
    }

    /** Returns whether bytes before an offset are not the same in all frames. */
    boolean variesBefore(int offset) {
        return Arrays.stream(patches).anyMatch(patch -> patch.offset() < offset);
    }

    /** The CRC over its payload, if it holds one: then it is what the last patch puts in. */
    public Optional<PayloadCheck> check() {
        return Optional.ofNullable(check);
    }

    /** The bytes that are the same in all, with zeros for what is not. Not to be changed. */
    public byte[] image() {
        return image;
    }

    /** Returns what is not the same, in the order in which it is put in. Not to be changed. */
    public Patch[] patches() {
        return patches;
    }

    /** The checksums that follow from what is put in. Not to be changed. */
    public Checksum[] checksums() {
        return checksums;
    }

    /**
     * Writes a whole frame.
     *
     * @param index the frame's number in its stream, from 0
     * @param timeNanos when it is sent, in nanoseconds since 1970
     * @param memory where to; in network byte order, off-heap if an engine is to take it from there. Its position is not
     *     used, its limit is set to its capacity
     * @param at where in it the frame begins
     */
    public void write(long index, long timeNanos, ByteBuffer memory, int at) {
        memory.clear().put(at, image);
        patch(index, timeNanos, memory, at);
    }

    /** As {@link #write}, into memory that holds a frame that this object has written there: only what varies is. */
    public void patch(long index, long timeNanos, ByteBuffer memory, int at) {
        for (int c = 0; c < shares.length; c++) {
            shares[c] = 0;
        }
        int fromSources = check == null ? patches.length : patches.length - 1;
        for (int p = 0; p < fromSources; p++) {
            put(p, patches[p].value(index, timeNanos), memory, at);
        }
        if (check != null) {
            put(fromSources, check.of(memory, at) & 0xffff_ffffL, memory, at);
        }
        for (int c = 0; c < checksums.length; c++) {
            memory.putShort(at + checksums[c].offset(), checksums[c].of(shares[c]));
        }
    }

    private void put(int p, long value, ByteBuffer memory, int at) {
        patches[p].put(memory, at, value);
        for (int c = 0; c < checksums.length; c++) {
            shares[c] += checksums[c].share(p, patches[p], value);
        }
    }
}
