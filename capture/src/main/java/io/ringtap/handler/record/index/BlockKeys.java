package io.ringtap.handler.record.index;

import java.util.Arrays;

/**
 * The keys of one block, as two bits each of a row of bits that stays in the processor's first cache. What was added just before is
 * not added again. One thread.
 */
final class BlockKeys {
    /** Seven eighths of a power of two, that 256 blocks of 256 KiB with all bits set stay below 3 percent of their data. */
    static final int ROWS = 7 << 13;

    static final int WORDS = ROWS / Long.SIZE;

    private static final int ADDRESSES = 1 << 8;

    final long[] bits = new long[WORDS];

    private final int[] addresses = new int[ADDRESSES];
    private final boolean[] isAddress = new boolean[ADDRESSES];

    /** The first of a key's two rows. */
    static int firstRow(long key) {
        return (int) (((key >>> 32) * ROWS) >>> 32);
    }

    /** The second of them, which may be the first. */
    static int secondRow(long key) {
        return (int) (((key & 0xffff_ffffL) * ROWS) >>> 32);
    }

    void add(long key) {
        int first = firstRow(key);
        int second = secondRow(key);
        bits[first >>> 6] |= 1L << first;
        bits[second >>> 6] |= 1L << second;
    }

    /** Adds an IPv4 address and the networks that it is in. */
    void address4(int address) {
        int place = (address * 0x9e3779b1) >>> 24;
        if (isAddress[place] && addresses[place] == address) {
            return;
        }
        addresses[place] = address;
        isAddress[place] = true;
        add(IndexKey.host4(address));
        add(IndexKey.net4(address, 8));
        add(IndexKey.net4(address, 16));
        add(IndexKey.net4(address, 24));
    }

    /** Adds an IPv6 address and the networks that it is in. */
    void address6(long high, long low) {
        add(IndexKey.host6(high, low));
        network6(high);
    }

    /** Adds the networks of an IPv6 address. */
    void network6(long high) {
        add(IndexKey.net6(high, 32));
        add(IndexKey.net6(high, 48));
        add(IndexKey.net6(high, 64));
    }

    void clear() {
        Arrays.fill(bits, 0);
        Arrays.fill(isAddress, false);
    }
}
