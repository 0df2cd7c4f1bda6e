package io.ringtap.handler.record.index;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;

/** The rows of up to 256 blocks on their way into a segment: kept by block, written by row. One thread. */
final class SegmentRows {
    private static final int QUARTERS = IndexLayout.MOST_BLOCKS / Long.SIZE;

    private static final int FIRST_BLOCKS = 4;

    /** The groups that are fetched at once: words of a block that are in one line of the processor's cache. */
    private static final int TILE = 8;

    /** Fewer groups than that are not worth folding further. */
    private static final int FEWEST_GROUPS = BlockKeys.WORDS >>> 7;

    private long[] words = new long[FIRST_BLOCKS * BlockKeys.WORDS]; // many a file is small
    private final long[][] square = new long[QUARTERS][Long.SIZE];
    private final long[] tile = new long[IndexLayout.MOST_BLOCKS * TILE];
    private final CRC32C check = new CRC32C();
    private int blocks;
    private long ones;
    private int tileAt = -1;
    private int tileGroups;

    void add(long[] block) {
        if (words.length < (blocks + 1) * BlockKeys.WORDS) {
            words = Arrays.copyOf(words, 2 * words.length);
        }
        System.arraycopy(block, 0, words, blocks * BlockKeys.WORDS, BlockKeys.WORDS);
        blocks++;
        for (long word : block) {
            ones += Long.bitCount(word);
        }
    }

    void clear() {
        blocks = 0;
        ones = 0;
        tileGroups = 0;
    }

    /** Returns in how many groups the rows take no more bytes than that: half as many rows have the bits of two. */
    int groupsWithin(long mostBytes) {
        int groups = BlockKeys.WORDS;
        long atMost = (long) groups * (IndexLayout.PLACE_BYTES + Long.BYTES) + 2 * ones; // a row of one block takes two
        if (atMost <= mostBytes) {
            return groups;
        }
        while (groups > FEWEST_GROUPS && bytes(groups) > mostBytes) {
            groups /= 2;
        }
        return groups;
    }

    private long bytes(int groups) {
        long bytes = (long) groups * IndexLayout.PLACE_BYTES;
        for (int group = 0; group < groups; group++) {
            bytes += turn(group, groups) ? groupBytes() : 0;
        }
        return bytes;
    }

    private int groupBytes() {
        int bytes = Long.BYTES;
        for (int row = 0; row < Long.SIZE; row++) {
            int count = count(row);
            bytes += count == 0 ? 0 : 1 + Math.min(count, IndexLayout.rowBytes(blocks));
        }
        return bytes;
    }

    private int count(int row) {
        int count = 0;
        for (long[] quarter : square) {
            count += Long.bitCount(quarter[row]);
        }
        return count;
    }

    /** Writes the groups from the buffer's position on, and their places and check sums at an index. */
    void write(ByteBuffer out, int placesAt, int groups) {
        for (int group = 0; group < groups; group++) {
            int start = out.position();
            int place = placesAt + group * IndexLayout.PLACE_BYTES;
            if (turn(group, groups)) {
                writeGroup(out);
            }
            check.reset();
            check.update(out.slice(start, out.position() - start));
            out.putInt(place, start).putInt(place + 4, (int) check.getValue());
        }
    }

    private void writeGroup(ByteBuffer out) {
        int maskAt = out.position();
        out.putLong(0);
        long mask = 0;
        for (int row = 0; row < Long.SIZE; row++) {
            int count = count(row);
            if (count > 0) {
                mask |= 1L << row;
                writeRow(out, row, count);
            }
        }
        out.putLong(maskAt, mask);
    }

    private void writeRow(ByteBuffer out, int row, int count) {
        int rowBytes = IndexLayout.rowBytes(blocks);
        if (count >= rowBytes) {
            out.put((byte) IndexLayout.AS_BITS);
            for (int i = 0; i < rowBytes; i++) {
                out.put((byte) (square[i >>> 3][row] >>> (i << 3)));
            }
            return;
        }
        out.put((byte) count);
        for (int quarter = 0; quarter < QUARTERS; quarter++) {
            for (long left = square[quarter][row]; left != 0; left &= left - 1) {
                out.put((byte) (quarter * Long.SIZE + Long.numberOfTrailingZeros(left)));
            }
        }
    }

    /** Puts the rows of a group into the squares; false if all are empty. */
    private boolean turn(int group, int groups) {
        if (tileGroups != groups || group / TILE != tileAt) {
            fetch(group / TILE, groups);
        }
        long any = 0;
        int from = group % TILE * IndexLayout.MOST_BLOCKS;
        for (int quarter = 0; quarter < QUARTERS; quarter++) {
            long[] rows = square[quarter];
            System.arraycopy(tile, from + quarter * Long.SIZE, rows, 0, Long.SIZE);
            long some = 0;
            for (long row : rows) {
                some |= row;
            }
            if (some != 0) {
                transpose(rows);
            }
            any |= some;
        }
        return any != 0;
    }

    private void fetch(int number, int groups) {
        tileAt = number;
        tileGroups = groups;
        Arrays.fill(tile, 0);
        int first = number * TILE;
        int count = Math.min(TILE, groups - first);
        for (int block = 0; block < blocks; block++) {
            for (int from = block * BlockKeys.WORDS + first; from < (block + 1) * BlockKeys.WORDS; from += groups) {
                for (int i = 0; i < count; i++) {
                    tile[i * IndexLayout.MOST_BLOCKS + block] |= words[from + i];
                }
            }
        }
    }

    /** Makes bit b of word a bit a of word b: Hacker's Delight, 7-3. */
    private static void transpose(long[] square) {
        long mask = 0xffff_ffffL;
        for (int width = 32; width != 0; width >>= 1, mask ^= mask << width) {
            for (int at = 0; at < Long.SIZE; at = (at | width) + 1 & ~width) {
                long swapped = (square[at] >>> width ^ square[at | width]) & mask;
                square[at] ^= swapped << width;
                square[at | width] ^= swapped;
            }
        }
    }
}
