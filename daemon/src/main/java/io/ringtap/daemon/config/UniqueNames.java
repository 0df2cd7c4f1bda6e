package io.ringtap.daemon.config;

import io.ringtap.daemon.config.toml.Place;
import io.ringtap.daemon.config.toml.Section;
import io.ringtap.daemon.config.value.Quoted;
import java.util.HashMap;
import java.util.Map;

/** Sees to it that no two of a kind have the same name. */
final class UniqueNames {
    private final Map<String, Place> taken = new HashMap<>();

    /** Takes a name, or notes that it is taken: where it is given, or at its table if it is a default. */
    void take(String name, Section section) {
        Place place = section.placeOf("name");
        Place before = taken.putIfAbsent(name, place);
        if (before != null) {
            String where = before.equals(place) ? "" : ", at " + before;
            section.problem("name", Quoted.of(name) + " is the name of another one" + where);
        }
    }
}
