package io.ringtap.daemon.config.toml;

import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Gathers everything that is wrong, so that it is all reported at once. One option applied to several tables, once. */
public final class Problems {
    /** More lines than this help nobody; the rest are counted. */
    public static final int MOST_REPORTED = 100;

    private final Set<Problem> found = new LinkedHashSet<>();

    /** Notes what is wrong with a key of the table, or with the table itself if the key is empty. */
    public void add(Place place, String key, String message) {
        found.add(new Problem(place, key, message));
    }

    /** Returns whether nothing is wrong. */
    public boolean isEmpty() {
        return found.isEmpty();
    }

    /** Throws what was found, in file order; does nothing if nothing was. */
    public void throwIfAny() throws ConfigException {
        if (!found.isEmpty()) {
            throw new ConfigException(lines(), inFileOrder().toList());
        }
    }

    /** A line for each problem, in file order. */
    public List<String> lines() {
        Stream<String> lines = inFileOrder().limit(MOST_REPORTED).map(Problem::toString);
        int more = found.size() - MOST_REPORTED;
        return (more > 0 ? Stream.concat(lines, Stream.of("and " + more + " more problems")) : lines).toList();
    }

    private Stream<Problem> inFileOrder() {
        return found.stream().sorted(Comparator.comparing(Problem::place, Place.FILE_ORDER));
    }
}
