package io.ringtap.handler.record.index;

import java.io.IOException;
import java.util.List;

/** What an index is asked: which blocks may hold a frame. It may say more than do, never fewer. Immutable. */
public sealed interface IndexQuery {
    /** Any frame: no block is left out. */
    record Any() implements IndexQuery {}

    /** A frame with a key of {@link IndexKey}. */
    record Key(long key) implements IndexQuery {}

    /** A frame for which both hold. */
    record Both(IndexQuery first, IndexQuery second) implements IndexQuery {}

    /** A frame for which one of several holds. */
    record Either(List<IndexQuery> several) implements IndexQuery {}

    /** Both hold; the simplest query that says so. */
    static IndexQuery both(IndexQuery first, IndexQuery second) {
        if (first instanceof Any) {
            return second;
        }
        return second instanceof Any ? first : new Both(first, second);
    }

    /** One of several holds; the simplest query that says so. */
    static IndexQuery either(List<IndexQuery> several) {
        return several.stream().anyMatch(Any.class::isInstance) ? new Any() : new Either(several);
    }

    /** The blocks of a segment, a bit for each. */
    default BlockSet in(IndexSegment segment) throws IOException {
        return switch (this) {
            case Any _ -> segment.all();
            case Key(long key) -> segment.blocks(key);
            case Both(IndexQuery first, IndexQuery second) -> {
                BlockSet blocks = first.in(segment);
                yield blocks.isEmpty() ? blocks : blocks.and(second.in(segment));
            }
            case Either(List<IndexQuery> several) -> {
                BlockSet blocks = BlockSet.NONE;
                for (IndexQuery each : several) {
                    blocks = blocks.or(each.in(segment));
                }
                yield blocks;
            }
        };
    }
}
