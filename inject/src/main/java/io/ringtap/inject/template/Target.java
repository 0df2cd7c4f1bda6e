package io.ringtap.inject.template;

/** The part of a frame that varies. */
public sealed interface Target {
    /** How wide it is, in bits. */
    int bits();

    /** A field of a header, by name. */
    record Named(Field field) implements Target {
        @Override
        public int bits() {
            return field.bits();
        }
    }

    /**
     * Any bytes.
     *
     * @param offset where they begin, counted from the first byte of the destination address
     * @param width how many, 1 to 8
     */
    record Bytes(int offset, int width) implements Target {
        /** The widest there are. */
        public static final int MOST_BYTES = Long.BYTES;

        @Override
        public int bits() {
            return width * Byte.SIZE;
        }
    }
}
