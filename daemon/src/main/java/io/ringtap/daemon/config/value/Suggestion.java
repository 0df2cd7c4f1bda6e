package io.ringtap.daemon.config.value;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds the word somebody probably meant, by the number of slips of the finger between the two, or because it
 * was cut short. */
public final class Suggestion {
    private static final int LONGEST = 64;

    /** Any two words of less letters than this are near each other. */
    private static final int SHORTEST = 3;

    private Suggestion() {}

    /** The known word that is nearest to a given one, if one is near enough; letter case is no difference. */
    static Optional<String> of(String given, Collection<String> known) {
        if (given.length() > LONGEST) {
            return Optional.empty();
        }
        return known.stream()
                .filter(word ->
                        !word.equals(given) && (distance(given, word) <= tolerance(given) || begins(given, word)))
                .min(Comparator.<String>comparingInt(word -> distance(given, word))
                        .thenComparing(word -> !word.regionMatches(0, given, 0, 1)));
    }

    /** {@code " (did you mean X?)"}, or nothing. */
    public static String hint(String given, Collection<String> known) {
        return of(given, known).map(word -> " (did you mean " + word + "?)").orElse("");
    }

    private static int tolerance(String given) {
        return given.length() < SHORTEST ? 0 : Math.min(3, (given.length() + 3) / 4);
    }

    private static boolean begins(String given, String word) {
        return given.length() >= SHORTEST && word.startsWith(given);
    }

    /** Letters inserted, left out, replaced, or swapped with their neighbour (optimal string alignment). */
    static int distance(String left, String right) {
        String a = left.toLowerCase(Locale.ROOT);
        String b = right.toLowerCase(Locale.ROOT);
        int[][] cost = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                cost[i][j] = i == 0 || j == 0 ? i + j : step(cost, a, b, i, j);
            }
        }
        return cost[a.length()][b.length()];
    }

    private static int step(int[][] cost, String a, String b, int i, int j) {
        int replaced = cost[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        int least = Math.min(replaced, Math.min(cost[i - 1][j], cost[i][j - 1]) + 1);
        boolean swapped = i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
        return swapped ? Math.min(least, cost[i - 2][j - 2] + 1) : least;
    }
}
