package io.ringtap.capture.pcap;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * What a classic pcap file holds, read by hand: how many whole records, and whether one is cut short behind them.
 *
 * @param whole the records that are whole, up to the first that cannot be
 * @param end how the file ends
 */
record ClassicRecords(int whole, End end) {
    private static final int FILE_HEADER = 24;
    private static final int RECORD_HEADER = 16;

    /** libpcap's limit for Ethernet, whatever the file's own is. */
    private static final int LONGEST_FRAME = 262_144;

    /** How a file ends. */
    enum End {
        CLEAN,
        CUT_SHORT,
        IMPOSSIBLE
    }

    /** The records of a file of version 2.4 in either byte order; nothing for any other file. */
    static Optional<ClassicRecords> in(byte[] bytes) {
        if (bytes.length < FILE_HEADER) {
            return Optional.empty();
        }
        ByteBuffer file = ByteBuffer.wrap(bytes);
        for (ByteOrder order : new ByteOrder[] {ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN}) {
            int magic = file.order(order).getInt(0);
            boolean classic = magic == 0xa1b2c3d4 || magic == 0xa1b23c4d;
            if (classic && file.getShort(4) == 2 && file.getShort(6) == 4) {
                return Optional.of(read(file));
            }
        }
        return Optional.empty();
    }

    private static ClassicRecords read(ByteBuffer file) {
        int whole = 0;
        int at = FILE_HEADER;
        while (at < file.limit()) {
            if (at + RECORD_HEADER > file.limit()) {
                return new ClassicRecords(whole, End.CUT_SHORT);
            }
            int captured = file.getInt(at + 8);
            if (captured < 0 || captured > LONGEST_FRAME) {
                return new ClassicRecords(whole, End.IMPOSSIBLE);
            }
            at += RECORD_HEADER + captured;
            if (at > file.limit()) {
                return new ClassicRecords(whole, End.CUT_SHORT);
            }
            whole++;
        }
        return new ClassicRecords(whole, End.CLEAN);
    }

    /** What was read must be all that is whole, and where it ended be said. */
    void check(long frames, String failure) {
        assertEquals(whole, frames, failure);
        End said = failure.isEmpty()
                ? End.CLEAN
                : failure.contains(" is cut short after frame " + whole + ": ") ? End.CUT_SHORT : End.IMPOSSIBLE;
        assertEquals(end, said, failure);
    }
}
