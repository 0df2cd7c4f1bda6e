package io.ringtap.daemon.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The option {@code -i INTERFACE}: a capture of that interface where the file has no capture, else the interface of the
 * file's only capture, which may have been a capture file.
 */
record InterfaceOption(String interfaceName) {
    void apply(Entry.Table root, Problems problems) {
        switch (root.entries().get("capture")) {
            case null -> add(root);
            case Entry.Items items when items.entries().isEmpty() -> add(root);
            case Entry.Items items
            when items.entries().size() > 1 ->
                problems.add(
                        place("capture"),
                        "capture",
                        "replaces the interface of the file's only [[capture]], but the file has "
                                + items.entries().size());
            case Entry.Items items when items.entries().getFirst() instanceof Entry.Table only -> replace(only);
            case Entry.Table only -> replace(only);
            default -> {} // of a wrong type, which is reported when it is read
        }
    }

    private void add(Entry.Table root) {
        Entry.Table capture = new Entry.Table(place("capture"), new LinkedHashMap<>(Map.of("interface", name())));
        root.entries().put("capture", new Entry.Items(place("capture"), List.of(capture)));
    }

    private void replace(Entry.Table capture) {
        capture.entries().remove("file");
        capture.entries().remove("pace");
        capture.entries().put("interface", name());
    }

    private Entry name() {
        return Entry.Scalar.text(place("capture.interface"), interfaceName);
    }

    private static Place place(String key) {
        return new Place.Option("-i", key);
    }
}
