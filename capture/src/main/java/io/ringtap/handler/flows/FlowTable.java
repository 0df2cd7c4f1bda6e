package io.ringtap.handler.flows;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.ringtap.frame.Headers;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.security.SecureRandom;

/**
 * Flows in memory of a fixed size outside the heap, found by their key: open addressing with linear probing, taken out by
 * moving back what follows, so that no mark of what was there stays. An entry is three cache lines: the search, and the
 * search for idle flows, touch the first alone, a frame the second too. One thread.
 */
final class FlowTable implements AutoCloseable {
    private static final int CACHE_LINE_BYTES = 64;
    static final int ENTRY_BYTES = 3 * CACHE_LINE_BYTES;
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

    /** The TCP flags of each direction, {@link #FORWARD_FROM_A}, {@link #SYN_FIRST}, {@link ConnState}'s bits, ICMP. */
    static final int STATE = 7;

    static final int FIRST = 8;
    static final int FORWARD_FRAMES = 9;
    static final int FORWARD_BYTES = 10;
    static final int REVERSE_FRAMES = 11;
    static final int REVERSE_BYTES = 12;

    static final int FORWARD_IP_BYTES = 13;
    static final int REVERSE_IP_BYTES = 14;

    /** Bytes above frames, of the time slot that {@link #LAST} is in. */
    static final int RECENT = 15;

    /** The same of the slot before. */
    static final int BEFORE = 16;

    /** Of the record's first frame, as {@link FlowKey#tunnelAndVlans}. */
    static final int TUNNEL_AND_VLANS = 17;

    // The outer addresses of its tunnel, where they are IP.
    static final int OUTER_SOURCE_HIGH = 18;
    static final int OUTER_SOURCE_LOW = 19;
    static final int OUTER_DESTINATION_HIGH = 20;
    static final int OUTER_DESTINATION_LOW = 21;

    /** Free for those who take copies. */
    static final int SPARE = 23;

    /** A time slot of recent frames has 2^32 ns, 4.3 s. */
    static final int RECENT_SHIFT = 32;

    /** What a flow of 128 Gbit/s and 62 million frames a second has in a slot fits. */
    static final int RECENT_BYTES_SHIFT = 28;

    static final long RECENT_FRAMES_MASK = (1L << RECENT_BYTES_SHIFT) - 1;

    /** The flow's first frame went from A to B: that is forward. */
    static final long FORWARD_FROM_A = 1L << 16;

    /** The flow's first frame was a TCP segment that asks for a connection. */
    static final long SYN_FIRST = 1L << 17;

    static final int REVERSE_FLAGS_SHIFT = 8;

    /** Where the first frame's ICMP type and code are in {@link #STATE}. */
    static final int ICMP_SHIFT = 24;

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
        memory = arena.allocate(slots * ENTRY_BYTES, CACHE_LINE_BYTES);
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
        boolean synFirst = ConnState.isSyn(key.tcpFlags);
        set(
                slot,
                STATE,
                (key.fromA ? FORWARD_FROM_A : 0) | (synFirst ? SYN_FIRST : 0) | ((long) key.icmp << ICMP_SHIFT));
        set(slot, FIRST, Long.MAX_VALUE);
        set(slot, LAST, Long.MIN_VALUE);
        for (int field = FORWARD_FRAMES; field <= BEFORE; field++) {
            set(slot, field, 0);
        }
        long tunnelAndVlans = key.tunnelAndVlans();
        set(slot, TUNNEL_AND_VLANS, tunnelAndVlans);
        if (tunnelAndVlans >>> FlowKey.TUNNEL_SHIFT != 0) {
            Headers carrier = key.carrier();
            set(slot, OUTER_SOURCE_HIGH, carrier.sourceHigh());
            set(slot, OUTER_SOURCE_LOW, carrier.sourceLow());
            set(slot, OUTER_DESTINATION_HIGH, carrier.destinationHigh());
            set(slot, OUTER_DESTINATION_LOW, carrier.destinationLow());
        }
    }

    /** Counts a frame of a flow. */
    void count(long slot, FlowKey key, int bytes, long timestampNanos) {
        long state = get(slot, STATE);
        boolean forward = ((state & FORWARD_FROM_A) != 0) == key.fromA;
        int flags = key.tcpFlags;
        if (flags != 0) {
            state |= (long) flags << (forward ? 0 : REVERSE_FLAGS_SHIFT);
            set(slot, STATE, ConnState.with(state, flags, forward));
        }
        int frames = forward ? FORWARD_FRAMES : REVERSE_FRAMES;
        add(slot, frames, 1);
        add(slot, frames + 1, bytes);
        add(slot, forward ? FORWARD_IP_BYTES : REVERSE_IP_BYTES, key.ipBytes);
        set(slot, FIRST, Math.min(get(slot, FIRST), timestampNanos));
        countRecent(slot, bytes, timestampNanos);
    }

    private void add(long slot, int field, long value) {
        set(slot, field, get(slot, field) + value);
    }

    private void countRecent(long slot, int bytes, long timestampNanos) {
        long last = get(slot, LAST);
        long now = Math.max(last, timestampNanos);
        long passed = (now >> RECENT_SHIFT) - (last >> RECENT_SHIFT);
        if (passed != 0) {
            set(slot, BEFORE, passed == 1 ? get(slot, RECENT) : 0);
            set(slot, RECENT, 0);
        }
        add(slot, RECENT, ((long) bytes << RECENT_BYTES_SHIFT) | 1);
        set(slot, LAST, now);
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
