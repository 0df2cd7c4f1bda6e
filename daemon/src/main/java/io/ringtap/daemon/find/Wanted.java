package io.ringtap.daemon.find;

import io.ringtap.capture.pcap.PcapFilter;
import io.ringtap.capture.pcap.SavedFilter;
import io.ringtap.handler.record.index.IndexQuery;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** The frames that are looked for: an expression, compiled for each link type that comes, and a time. One thread. */
public final class Wanted implements AutoCloseable {
    private static final int ETHERNET = 1;

    private final String expression;
    private final long fromNanos;
    private final long toNanos;
    private final boolean usesIndex;
    private final IndexQuery query;
    private final Map<Integer, SavedFilter> filters = new HashMap<>();

    /**
     * Frames for which an expression holds, of a time.
     *
     * @param fromNanos nanoseconds since 1970: none is earlier
     * @param toNanos all are earlier
     * @param usesIndex whether an index may say where to look
     * @throws IllegalArgumentException saying what is wrong with the expression
     */
    public Wanted(String expression, long fromNanos, long toNanos, boolean usesIndex) {
        this.expression = expression;
        this.fromNanos = fromNanos;
        this.toNanos = toNanos;
        this.usesIndex = usesIndex;
        filters.put(ETHERNET, PcapFilter.forFile(expression, ETHERNET));
        query = Narrowing.of(expression);
    }

    long fromNanos() {
        return fromNanos;
    }

    long toNanos() {
        return toNanos;
    }

    boolean usesIndex() {
        return usesIndex;
    }

    IndexQuery query() {
        return query;
    }

    /** Returns whether an index can leave out anything for it, by the expression. */
    public boolean isNarrowed() {
        return !(query instanceof IndexQuery.Any) || expression.isBlank();
    }

    boolean has(FrameScan frame) throws IOException {
        if (frame.nanos() < fromNanos || frame.nanos() >= toNanos) {
            return false;
        }
        SavedFilter filter = filters.get(frame.on().linkType());
        if (filter == null) {
            filter = compile(frame.on().linkType());
        }
        return filter.matches(frame.bytes(), frame.at(), frame.captured(), frame.original());
    }

    private SavedFilter compile(int linkType) throws IOException {
        try {
            SavedFilter filter = PcapFilter.forFile(expression, linkType);
            filters.put(linkType, filter);
            return filter;
        } catch (IllegalArgumentException e) {
            throw new IOException("it is of link type " + linkType + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        filters.values().forEach(SavedFilter::close);
    }
}
