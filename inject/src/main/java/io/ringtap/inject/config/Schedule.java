package io.ringtap.inject.config;

import io.ringtap.capture.InvalidConfigException;
import io.ringtap.capture.InvalidConfigException.Problem;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The rule by which the frames of a stream fall due. Immutable and valid. */
public sealed interface Schedule {
    /** A year: more is a mistake in the unit. */
    Duration MAX_INTERVAL = Duration.ofDays(365);

    /** One frame in eleven days; an interval says longer ones better. */
    double MIN_FRAMES_PER_SECOND = 1e-6;

    /** Several times what a core can send one by one. */
    double MAX_FRAMES_PER_SECOND = 10e6;

    /** A frame of 60 bytes in eight minutes. */
    double MIN_BITS_PER_SECOND = 1;

    /** A second becomes eleven days. */
    double MIN_SPEED = 1e-6;

    /** A second becomes a microsecond. */
    double MAX_SPEED = 1e6;

    /** More than any interface has. */
    double MAX_BITS_PER_SECOND = 1e12;

    /**
     * One frame an interval, the first one interval after the start.
     *
     * @param interval 1 ns to {@link #MAX_INTERVAL}
     */
    record Every(Duration interval) implements Schedule {
        /** Checks it. @throws InvalidConfigException with the key {@code every} */
        public Every {
            if (!interval.isPositive()) {
                throw problem("every", "must be above 0");
            }
            if (interval.compareTo(MAX_INTERVAL) > 0) {
                throw problem("every", "must be at most " + MAX_INTERVAL.toDays() + " days, not " + interval.toDays());
            }
        }
    }

    /**
     * One frame each time a capture has published so many more.
     *
     * @param frames above 0
     * @param captureName the capture that is counted
     */
    record EveryFrames(long frames, String captureName) implements Schedule {
        /** Checks everything. @throws InvalidConfigException with the keys {@code every-frames}, {@code capture} */
        public EveryFrames {
            List<Problem> problems = new ArrayList<>();
            if (frames < 1) {
                problems.add(new Problem("every-frames", "must be above 0, not " + frames));
            }
            if (captureName.isBlank()) {
                problems.add(new Problem("capture", "must name the capture whose frames are counted"));
            }
            if (!problems.isEmpty()) {
                throw new InvalidConfigException(problems);
            }
        }
    }

    /**
     * A steady rate, the first frame one period after the start.
     *
     * @param framesPerSecond {@link #MIN_FRAMES_PER_SECOND} to {@link #MAX_FRAMES_PER_SECOND}
     */
    record Rate(double framesPerSecond) implements Schedule, SendRate {
        /** Checks it. @throws InvalidConfigException with the key {@code rate} */
        public Rate {
            // Written so that NaN is refused too.
            if (!(framesPerSecond >= MIN_FRAMES_PER_SECOND && framesPerSecond <= MAX_FRAMES_PER_SECOND)) {
                throw problem(
                        "rate", "must be from 0.000001 to 10000000 frames a second, not " + plain(framesPerSecond));
            }
        }

        @Override
        public double perSecond() {
            return framesPerSecond;
        }

        @Override
        public long amountOf(int lengthBytes) {
            return 1;
        }

        @Override
        public long mostAmount() {
            return 1;
        }
    }

    /**
     * A steady rate in bits, at layer 2: those of each frame from its destination address on, without frame check sequence,
     * preamble and gap. A frame falls due when the bits of it and of all before it have had their time.
     *
     * @param bitsPerSecond {@link #MIN_BITS_PER_SECOND} to {@link #MAX_BITS_PER_SECOND}
     */
    record BitRate(double bitsPerSecond) implements Schedule, SendRate {
        /** Checks it. @throws InvalidConfigException with the key {@code rate} */
        public BitRate {
            if (!(bitsPerSecond >= MIN_BITS_PER_SECOND && bitsPerSecond <= MAX_BITS_PER_SECOND)) {
                throw problem("rate", "must be from 1 to 1000000000000 bits a second, not " + plain(bitsPerSecond));
            }
        }

        @Override
        public double perSecond() {
            return bitsPerSecond;
        }

        @Override
        public long amountOf(int lengthBytes) {
            return (long) Byte.SIZE * lengthBytes;
        }

        @Override
        public long mostAmount() {
            return amountOf(1 << 17);
        }
    }

    /** As fast as the engine sends. */
    record TopSpeed() implements Schedule, AskedRate {}

    /**
     * The distances in time that a capture file's time stamps have, the first frame at once.
     *
     * @param speed how many times as fast, {@link #MIN_SPEED} to {@link #MAX_SPEED}
     */
    record Original(double speed) implements Schedule {
        /** Checks it. @throws InvalidConfigException with the key {@code speed} */
        public Original {
            if (!(speed >= MIN_SPEED && speed <= MAX_SPEED)) {
                throw problem("speed", "must be from 0.000001 to 1000000, not " + plain(speed));
            }
        }

        /** The time in a file that takes so long to send at a speed. */
        public static Duration fileTime(Duration sending, double speed) {
            return Duration.ofNanos(sending.isPositive() ? Math.max(1, Math.round(sending.toNanos() * speed)) : 0);
        }
    }

    /** A number as people write it, without an exponent. */
    private static String plain(double number) {
        return Double.isFinite(number)
                ? BigDecimal.valueOf(number).stripTrailingZeros().toPlainString()
                : Double.toString(number);
    }

    private static InvalidConfigException problem(String key, String message) {
        return new InvalidConfigException(List.of(new Problem(key, message)));
    }
}
