package io.ringtap.inject.template;

import io.ringtap.capture.InvalidConfigException;
import io.ringtap.capture.InvalidConfigException.Problem;
import java.util.ArrayList;
import java.util.List;

/**
 * The lengths of a stream's frames, from the destination address on, without frame check sequence. Frames of several lengths
 * come in a fixed order, which spreads each over the whole; it repeats after as many frames as the weights add up to.
 * Immutable and valid.
 *
 * @param bytes the lengths; empty for as long as the content
 * @param weights how many frames of each length there are, to those of the others; empty for as many of each
 */
public record FrameLengths(List<Integer> bytes, List<Integer> weights) {
    /** As long as headers and payload. */
    public static final FrameLengths OF_CONTENT = new FrameLengths(List.of(), List.of());

    /**
     * The "simple Internet mix", 7 : 4 : 1. Its well-known lengths of 64, 594 and 1,518 bytes count the frame check
     * sequence; these are without.
     */
    public static final FrameLengths IMIX = new FrameLengths(List.of(60, 590, 1514), List.of(7, 4, 1));

    public static final int LEAST_BYTES = 14;
    public static final int MOST_BYTES = 14 + 2 * 4 + Content.MAX_BYTES;
    private static final int MOST_LENGTHS = 64;
    public static final int MOST_WEIGHT = 1000;

    /** Checks everything. @throws InvalidConfigException with the keys {@code length} and {@code weights} */
    public FrameLengths {
        bytes = List.copyOf(bytes);
        weights = List.copyOf(weights);
        List<Problem> problems = new ArrayList<>();
        if (bytes.size() > MOST_LENGTHS) {
            problems.add(new Problem("length", "must be at most " + MOST_LENGTHS + " lengths, not " + bytes.size()));
        }
        bytes.stream()
                .filter(length -> length < LEAST_BYTES || length > MOST_BYTES)
                .findFirst()
                .ifPresent(length -> problems.add(new Problem(
                        "length", "must be from " + LEAST_BYTES + " to " + MOST_BYTES + " bytes, not " + length)));
        if (!weights.isEmpty() && weights.size() != bytes.size()) {
            problems.add(new Problem(
                    "weights", "must be as many as there are lengths, " + bytes.size() + ", not " + weights.size()));
        }
        weights.stream()
                .filter(weight -> weight < 1 || weight > MOST_WEIGHT)
                .findFirst()
                .ifPresent(weight ->
                        problems.add(new Problem("weights", "must be from 1 to " + MOST_WEIGHT + ", not " + weight)));
        if (!problems.isEmpty()) {
            throw new InvalidConfigException(problems);
        }
    }

    /** One length. */
    public static FrameLengths of(int bytes) {
        return new FrameLengths(List.of(bytes), List.of());
    }

    /** Returns which length each frame of a round has, by its place in the list: each time, the one that is owed most. */
    int[] round() {
        int total = weights.isEmpty()
                ? Math.max(1, bytes.size())
                : weights.stream().mapToInt(Integer::intValue).sum();
        int[] round = new int[total];
        int[] owed = new int[Math.max(1, bytes.size())];
        for (int frame = 0; frame < total; frame++) {
            int most = 0;
            for (int i = 0; i < owed.length; i++) {
                owed[i] += weights.isEmpty() ? 1 : weights.get(i);
                most = owed[i] > owed[most] ? i : most;
            }
            owed[most] -= total;
            round[frame] = most;
        }
        return round;
    }
}
