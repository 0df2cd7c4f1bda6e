package io.ringtap.handler.record.index;

/** Blocks of a segment. Immutable. */
record BlockSet(long a, long b, long c, long d) {
    static final BlockSet NONE = new BlockSet(0, 0, 0, 0);

    /** The first so many. */
    static BlockSet first(int count) {
        return new BlockSet(ones(count), ones(count - 64), ones(count - 128), ones(count - 192));
    }

    private static long ones(int count) {
        return count >= Long.SIZE ? -1 : count <= 0 ? 0 : (1L << count) - 1;
    }

    BlockSet and(BlockSet other) {
        return new BlockSet(a & other.a, b & other.b, c & other.c, d & other.d);
    }

    BlockSet or(BlockSet other) {
        return new BlockSet(a | other.a, b | other.b, c | other.c, d | other.d);
    }

    BlockSet with(int block) {
        return or(new BlockSet(bit(block), bit(block - 64), bit(block - 128), bit(block - 192)));
    }

    private static long bit(int number) {
        return number < 0 || number >= Long.SIZE ? 0 : 1L << number;
    }

    boolean has(int block) {
        return !and(NONE.with(block)).isEmpty();
    }

    boolean isEmpty() {
        return (a | b | c | d) == 0;
    }
}
