package io.ringtap.inject.config;

/** The amount that goes out in a second: frames, or bits. Immutable and valid. */
public sealed interface SendRate extends AskedRate permits Schedule.Rate, Schedule.BitRate {
    /** Frames or bits a second. */
    double perSecond();

    /** Returns what a frame takes of it: 1, or its bits. */
    long amountOf(int lengthBytes);

    /** The most that a frame takes of it. */
    long mostAmount();

    /** Returns whether both count the same: frames, or bits. */
    default boolean isLike(SendRate other) {
        return getClass() == other.getClass();
    }
}
