package io.ringtap.daemon.config;

import io.ringtap.daemon.config.toml.Entry;
import io.ringtap.daemon.config.toml.Place;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The worker of a configuration that has captures and no worker: its name is {@code default}, its handler {@code
 * count}, and the rest as every worker's defaults. It is a table like any other, so that {@code --set} reaches it.
 */
final class DefaultWorker {
    private static final Place PLACE = new Place.BuiltIn();

    private DefaultWorker() {}

    static void addTo(Entry.Table root) {
        Entry worker = root.entries().get("worker");
        boolean none = worker == null
                || (worker instanceof Entry.Items items && items.entries().isEmpty());
        if (none && root.entries().containsKey("capture")) {
            root.entries().put("worker", items(table("handler", items(table("type", text("count"))))));
        }
    }

    private static Entry text(String text) {
        return Entry.Scalar.text(PLACE, text);
    }

    private static Entry table(String key, Entry value) {
        return new Entry.Table(PLACE, new LinkedHashMap<>(Map.of(key, value)));
    }

    private static Entry items(Entry only) {
        return new Entry.Items(PLACE, List.of(only));
    }
}
