package io.ringtap.capture.pcap;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongPredicate;

/**
 * A file's records as libpcap reads them, one after another, with the lengths that the frames had on their link: without frame
 * check sequence, and none longer than the file says that it was. What comes behind a record can be looked at before it is its
 * turn. One thread.
 */
final class FileRecords implements FileTimes.Ahead {
    /** So far ahead records are looked at; each is copied then. */
    private static final int MOST_AHEAD = 16;

    private static final long NANOS_PER_SECOND = 1_000_000_000;

    /** The most that still leaves room for any fraction: in the year 2262. */
    private static final long MAX_SECONDS = Long.MAX_VALUE / NANOS_PER_SECOND - 10_000;

    private final long pcap;
    private final CheckSequences checkSequences;
    private final MemorySegment headerPlace;
    private final MemorySegment dataPlace;

    /** Copies of records that were looked at and whose turn has not come, each its header and its data. */
    private final Deque<MemorySegment> ahead = new ArrayDeque<>();

    /** What libpcap gave last; 1 for a record. */
    private int result = 1;

    /** The copy whose turn it is, which must not be collected; null if it is libpcap's own memory. */
    private MemorySegment copy;

    private long header;
    private long data;

    /** What libpcap has given, with the headers of a pcap file. */
    private long recordBytes;

    /** Of a {@code pcap_t}, with memory of an arena. */
    FileRecords(long pcap, CheckSequences checkSequences, Arena arena) {
        this.pcap = pcap;
        this.checkSequences = checkSequences;
        headerPlace = arena.allocate(JAVA_LONG);
        dataPlace = arena.allocate(JAVA_LONG);
    }

    /** Goes on to the next record; gives 1, or what pcap_next_ex(3PCAP) gives where there is none. */
    int next() {
        copy = ahead.poll();
        if (copy == null) {
            return read();
        }
        header = copy.address();
        data = header + Libpcap.HEADER_BYTES;
        return 1;
    }

    private int read() {
        if (result == 1) {
            result = Libpcap.nextEx(pcap, headerPlace.address(), dataPlace.address());
        }
        if (result == 1) {
            header = headerPlace.get(JAVA_LONG, 0);
            data = dataPlace.get(JAVA_LONG, 0);
            recordBytes += CheckSequences.RECORD_HEADER_BYTES + capturedBytes();
            putRight(checkSequences.next());
        }
        return result;
    }

    /** Returns how far libpcap has read the file, in bytes. */
    long position() {
        return checkSequences.position(recordBytes);
    }

    private void putRight(int checkSequenceBytes) {
        int captured = capturedBytes();
        int claim = originalBytes();
        int original = claim < 0 ? Integer.MAX_VALUE : claim == 0 ? captured : claim;
        int frame = Math.max(0, original - checkSequenceBytes);
        Libpcap.MEMORY.set(JAVA_INT, header + Libpcap.HEADER_ORIGINAL, frame);
        Libpcap.MEMORY.set(JAVA_INT, header + Libpcap.HEADER_CAPTURED, Math.min(captured, frame));
    }

    /** Returns where the record's {@code struct pcap_pkthdr} is, until the next one. */
    long header() {
        return header;
    }

    /** Returns where its data are, until the next one. */
    long data() {
        return data;
    }

    /** Bytes that the file holds of the frame. */
    int capturedBytes() {
        return Libpcap.MEMORY.get(JAVA_INT, header + Libpcap.HEADER_CAPTURED);
    }

    /** Bytes that the frame had, as far as an int goes; at least those that the file holds. */
    int originalBytes() {
        return Libpcap.MEMORY.get(JAVA_INT, header + Libpcap.HEADER_ORIGINAL);
    }

    /** Its time stamp, nanoseconds since 1970. */
    long timestampNanos() {
        return timestampNanos(header);
    }

    private static long timestampNanos(long header) {
        return epochNanos(
                Libpcap.MEMORY.get(JAVA_LONG, header + Libpcap.HEADER_SECONDS),
                Libpcap.MEMORY.get(JAVA_LONG, header + Libpcap.HEADER_SUBSECONDS));
    }

    private static long epochNanos(long claimedSeconds, long nanos) {
        // libpcap reads a pcap file's 32 unsigned bits as signed; they hold until 2106, and nothing is older than 1970
        boolean signed = claimedSeconds < 0 && claimedSeconds >= Integer.MIN_VALUE;
        long seconds = signed ? claimedSeconds + (1L << 32) : claimedSeconds;
        if (seconds > MAX_SECONDS || seconds < -MAX_SECONDS) {
            return seconds < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
        return seconds * NANOS_PER_SECOND + nanos;
    }

    /** {@inheritDoc} Looks at {@value #MOST_AHEAD} at most. */
    @Override
    public boolean any(LongPredicate timestamp) {
        for (MemorySegment each : ahead) {
            if (timestamp.test(timestampNanos(each.address()))) {
                return true;
            }
        }
        MemorySegment current = copy == null ? copied() : copy;
        boolean found = false;
        while (!found && ahead.size() < MOST_AHEAD && read() == 1) {
            ahead.add(copied());
            found = timestamp.test(timestampNanos());
        }
        copy = current;
        header = copy.address();
        data = header + Libpcap.HEADER_BYTES;
        return found;
    }

    private MemorySegment copied() {
        long bytes = capturedBytes();
        MemorySegment both = Arena.ofAuto().allocate(Libpcap.HEADER_BYTES + bytes, Long.BYTES);
        MemorySegment.copy(Libpcap.MEMORY, header, both, 0, Libpcap.HEADER_BYTES);
        MemorySegment.copy(Libpcap.MEMORY, data, both, Libpcap.HEADER_BYTES, bytes);
        return both;
    }
}
