package io.ringtap.handler.record.index;

import java.util.Arrays;

/**
 * The keys of one block, as two bits each of a row of bits that stays in the processor's first cache. What comes again and again, such as
 * ports, is looked up in sets of what the block has: that is quicker than to add it. One thread.
 */
final class BlockKeys {
    /** Seven eighths of a power of two, that 256 blocks of 256 KiB with all bits set stay below 3 percent of their data. */
    static final int ROWS = 7 << 13;

    static final int WORDS = ROWS / Long.SIZE;

    private static final int ADDRESS_BITS = 10;
    private static final long ADDRESS_MASK = 0xffff_ffffL;

    final long[] bits = new long[WORDS];

    private final long[] ports = new long[1 << 10];
    private final long[] networks = new long[1 << 10]; // by the first two bytes
    private final long[] wideNetworks = new long[256 / Long.SIZE]; // by the first
    private final long[] protocols = new long[256 / Long.SIZE];

    /** With the number of the block that has it: what another block had does not count. */
    private final long[] addresses = new long[1 << ADDRESS_BITS];

    private long block = 1;
    private int type = -1;
    private boolean hasStations;
    private long stations;
    private int restOfStations;

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

    /** Whether a set has not had a number, which it has now. */
    private static boolean isNew(long[] set, int number) {
        long before = set[number >>> 6];
        set[number >>> 6] = before | 1L << number;
        return (before >>> number & 1) == 0;
    }

    /** Adds both MAC addresses of a header: twelve bytes. */
    void stations(long first, int rest) {
        if (!hasStations || first != stations || rest != restOfStations) {
            hasStations = true;
            stations = first;
            restOfStations = rest;
            add(IndexKey.station(first >>> 16));
            add(IndexKey.station((first & 0xffff) << 32 | (rest & 0xffff_ffffL)));
        }
    }

    void type(int etherType) {
        if (etherType != type) {
            type = etherType;
            add(IndexKey.type(etherType));
        }
    }

    void protocol(int number) {
        if (isNew(protocols, number)) {
            add(IndexKey.protocol(number));
        }
    }

    void port(int port) {
        if (isNew(ports, port)) {
            add(IndexKey.port(port));
        }
    }

    /** Adds an IPv4 address and the networks that it is in. */
    void address4(int address) {
        int place = (address * 0x9e3779b1) >>> (Integer.SIZE - ADDRESS_BITS);
        long entry = block << 32 | (address & ADDRESS_MASK);
        if (addresses[place] == entry) {
            return;
        }
        addresses[place] = entry;
        add(IndexKey.host4(address));
        add(IndexKey.net4(address, 24));
        if (isNew(networks, address >>> 16)) {
            add(IndexKey.net4(address, 16));
            if (isNew(wideNetworks, address >>> 24)) {
                add(IndexKey.net4(address, 8));
            }
        }
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
        Arrays.fill(ports, 0);
        Arrays.fill(networks, 0);
        Arrays.fill(wideNetworks, 0);
        Arrays.fill(protocols, 0);
        block++;
        type = -1;
        hasStations = false;
    }
}
