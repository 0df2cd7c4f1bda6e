package io.ringtap.inject.template;

import java.util.List;
import java.util.function.ToLongFunction;

/** Gives what varies, up to 64 bits of it, from the number of a frame alone: nothing is carried from one to the next. */
public sealed interface ValueSource {
    /**
     * The value for a frame.
     *
     * @param index the frame's number in its stream, from 0
     * @param timeNanos when it is sent, in nanoseconds since 1970
     */
    long at(long index, long timeNanos);

    /** The sources of a variation: one, or two for the halves of an IPv6 address, the upper one first. */
    static List<ValueSource> of(Variation variation) {
        boolean halves = variation.target().bits() > Long.SIZE;
        return switch (variation) {
            case Variation.Counter(Target _, FieldValue from, FieldValue to, long step) ->
                behind(halves, from.high(), Steps.of(from.low(), to.low(), step));
            case Variation.Random(Target _, FieldValue from, FieldValue to, long seed) ->
                behind(halves, from.high(), new Mix(from.low(), to.low() - from.low() + 1, seed));
            case Variation.Sequence(Target _, long first) -> behind(halves, 0, new Ordinal(first));
            case Variation.SendTime _ -> behind(halves, 0, new Time());
            case Variation.Values(Target _, List<FieldValue> values) ->
                halves
                        ? List.of(table(values, FieldValue::high), table(values, FieldValue::low))
                        : List.of(table(values, FieldValue::low));
        };
    }

    private static List<ValueSource> behind(boolean halves, long high, ValueSource low) {
        return halves ? List.of(new Table(new long[] {high}), low) : List.of(low);
    }

    private static ValueSource table(List<FieldValue> values, ToLongFunction<FieldValue> part) {
        return new Table(values.stream().mapToLong(part).toArray());
    }

    /** From {@code from} on by {@code step}, {@code count} of them; a count of 0 stands for 2^64. */
    record Steps(long from, long step, long count) implements ValueSource {
        static Steps of(long from, long to, long step) {
            return new Steps(from, step, Long.divideUnsigned(to - from, step) + 1);
        }

        @Override
        public long at(long index, long timeNanos) {
            return from + (count == 0 ? index : Long.remainderUnsigned(index, count)) * step;
        }
    }

    /** Numbers from {@code from} on, {@code count} of them, in no order; a count of 0 stands for 2^64. */
    record Mix(long from, long count, long seed) implements ValueSource {
        // SplitMix64 (Steele, Lea, Flood 2014).
        public static final long GAMMA = 0x9e37_79b9_7f4a_7c15L;
        public static final int FIRST_SHIFT = 30;
        public static final long FIRST_FACTOR = 0xbf58_476d_1ce4_e5b9L;
        public static final int SECOND_SHIFT = 27;
        public static final long SECOND_FACTOR = 0x94d0_49bb_1331_11ebL;
        public static final int LAST_SHIFT = 31;

        @Override
        public long at(long index, long timeNanos) {
            // The index-th number of the generator that begins at the seed.
            long z = seed + (index + 1) * GAMMA;
            z = (z ^ z >>> FIRST_SHIFT) * FIRST_FACTOR;
            z = (z ^ z >>> SECOND_SHIFT) * SECOND_FACTOR;
            z ^= z >>> LAST_SHIFT;
            return from + (count == 0 ? z : Math.unsignedMultiplyHigh(z, count));
        }
    }

    record Table(long[] values) implements ValueSource {
        @Override
        public long at(long index, long timeNanos) {
            return values[(int) (index % values.length)];
        }
    }

    record Ordinal(long first) implements ValueSource {
        @Override
        public long at(long index, long timeNanos) {
            return first + index;
        }
    }

    record Time() implements ValueSource {
        @Override
        public long at(long index, long timeNanos) {
            return timeNanos;
        }
    }
}
