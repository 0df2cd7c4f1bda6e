package io.ringtap.handler.flows;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.security.SecureRandom;

/**
 * Flows in memory of a fixed size outside the heap, found by their key: open addressing with linear probing, taken out by
 * moving back what follows, so that no mark of what was there stays. An entry is two cache lines, of which the search and
 * the search for idle flows touch the first alone. One thread.
 */
final class FlowTable implements AutoCloseable {
    static final int ENTRY_BYTES = 128;
    static final int ENTRY_LONGS = ENTRY_BYTES / Long.BYTES;

    // Longs of an entry.
    static final int A_HIGH = 0;
    static final int A_LOW = 1;
    static final int B_HIGH = 2;
    static final int B_LOW = 3;

    /** See {@link FlowKey#ends}; 0 in an entry that is free. */
    static final int ENDS = 4;

    /** The hash above the VLAN ids. */
    static final int HASH_AND_VLANS = 5;

    static final int LAST = 6;

    /** {@link #FORWARD_FROM_A}, and the TCP flags of each direction. */
    static final int STATE = 7;

    static final int FIRST = 8;
    static final int FORWARD_FRAMES = 9;
    static final int FORWARD_BYTES = 10;
    static final int REVERSE_FRAMES = 11;
    static final int REVERSE_BYTES = 12;

    /** Free for those who take copies. */
    static final int SPARE = 15;

    /** The flow's first frame went from A to B: that is forward. */
    static final long FORWARD_FROM_A = 1L << 16;

    static final int REVERSE_FLAGS_SHIFT = 8;

    /** Three in four entries used, a search for a flow that is not there looks at nine: Knuth, TAOCP 3, 6.4. */
    private static final double FULL = 0.75;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment memory;
    private final long slots;
    private final long most;
    private final long seed;
    private final long secondSeed;
    private long size;

    /** A table within {@code bytes}, all taken now. @throws OutOfMemoryError if there are not as many */
    FlowTable(long bytes) {
        slots = bytes / ENTRY_BYTES;
        most = (long) (slots * FULL);
        memory = arena.allocate(slots * ENTRY_BYTES, ENTRY_BYTES);
        SecureRandom random = new SecureRandom();
        seed = random.nextLong();
        secondSeed = random.nextLong();
    }

    /** Places for entries, used or free. */
    long slots() {
        return slots;
    }

    /** Flows in it. */
    long size() {
        return size;
    }

    /** Flows it takes. */
    long most() {
        return most;
    }

    long get(long slot, int field) {
        return memory.get(JAVA_LONG, slot * ENTRY_BYTES + (long) field * Long.BYTES);
    }

    private void set(long slot, int field, long value) {
        memory.set(JAVA_LONG, slot * ENTRY_BYTES + (long) field * Long.BYTES, value);
    }

    boolean isUsed(long slot) {
        return get(slot, ENDS) != 0;
    }

    /** The flow's slot; if it is not there, {@code ~} of the slot where it belongs. */
    long find(FlowKey key) {
        long tag = tag(key);
        long slot = home(tag);
        while (true) {
            long ends = get(slot, ENDS);
            if (ends == 0) {
                return ~slot;
            }
            if (get(slot, HASH_AND_VLANS) == tag && ends == key.ends && hasAddresses(slot, key)) {
                return slot;
            }
            slot = next(slot);
        }
    }

    private long tag(FlowKey key) {
        return (long) key.hash(seed, secondSeed) << 32 | key.vlans;
    }

    private long home(long tag) {
        return ((tag >>> 32) * slots) >>> 32;
    }

    private long next(long slot) {
        return slot + 1 == slots ? 0 : slot + 1;
    }

    private boolean hasAddresses(long slot, FlowKey key) {
        return get(slot, A_LOW) == key.aLow
                && get(slot, B_LOW) == key.bLow
                && get(slot, A_HIGH) == key.aHigh
                && get(slot, B_HIGH) == key.bHigh;
    }

    /** Puts a flow into the free slot that {@link #find} gave, with no frame yet; there must be room. */
    void insert(long slot, FlowKey key) {
        set(slot, A_HIGH, key.aHigh);
        set(slot, A_LOW, key.aLow);
        set(slot, B_HIGH, key.bHigh);
        set(slot, B_LOW, key.bLow);
        set(slot, ENDS, key.ends);
        set(slot, HASH_AND_VLANS, tag(key));
        clear(slot, key);
        size++;
    }

    /** Makes a flow begin anew, with a key's frame as the one that says which way is forward. */
    void clear(long slot, FlowKey key) {
        set(slot, STATE, key.fromA ? FORWARD_FROM_A : 0);
        set(slot, FIRST, Long.MAX_VALUE);
        set(slot, LAST, Long.MIN_VALUE);
        set(slot, FORWARD_FRAMES, 0);
        set(slot, FORWARD_BYTES, 0);
        set(slot, REVERSE_FRAMES, 0);
        set(slot, REVERSE_BYTES, 0);
    }

    /** Counts a frame of a flow. */
    void count(long slot, FlowKey key, int bytes, long timestampNanos) {
        long state = get(slot, STATE);
        boolean forward = ((state & FORWARD_FROM_A) != 0) == key.fromA;
        set(slot, STATE, state | (long) key.tcpFlags << (forward ? 0 : REVERSE_FLAGS_SHIFT));
        int frames = forward ? FORWARD_FRAMES : REVERSE_FRAMES;
        set(slot, frames, get(slot, frames) + 1);
        set(slot, frames + 1, get(slot, frames + 1) + bytes);
        set(slot, FIRST, Math.min(get(slot, FIRST), timestampNanos));
        set(slot, LAST, Math.max(get(slot, LAST), timestampNanos));
    }

    /** Copies an entry to {@code target[from...]}. */
    void copy(long slot, long[] target, int from) {
        MemorySegment.copy(memory, JAVA_LONG, slot * ENTRY_BYTES, target, from, ENTRY_LONGS);
    }

    /** Takes a flow out. Those behind it move back as far as they may, one into its slot if there is any. */
    void remove(long slot) {
        long hole = slot;
        for (long from = next(slot); isUsed(from); from = next(from)) {
            long home = home(get(from, HASH_AND_VLANS));
            if (distance(home, from) >= distance(hole, from)) {
                MemorySegment.copy(memory, from * ENTRY_BYTES, memory, hole * ENTRY_BYTES, ENTRY_BYTES);
                hole = from;
            }
        }
        set(hole, ENDS, 0);
        size--;
    }

    private long distance(long from, long to) {
        return to >= from ? to - from : to + slots - from;
    }

    @Override
    public void close() {
        arena.close();
    }
}
