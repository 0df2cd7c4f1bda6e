package io.ringtap.daemon.config;

import io.ringtap.daemon.config.toml.Entry;
import io.ringtap.daemon.config.toml.Place;
import io.ringtap.daemon.config.toml.Problems;
import java.util.LinkedHashMap;
import java.util.List;

/**
 * The option {@code -i INTERFACE}: a capture of that interface where the file has no capture, else the interface of the
 * file's only capture, which may have been a capture file. It must be there, unless the file says that it may be missing: a name
 * that was typed may be mistyped.
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
        Entry.Table capture = new Entry.Table(place("capture"), new LinkedHashMap<>());
        replace(capture);
        root.entries().put("capture", new Entry.Items(place("capture"), List.of(capture)));
    }

    private void replace(Entry.Table capture) {
        capture.entries().remove("file");
        capture.entries().remove("pace");
        capture.entries().put("interface", Entry.Scalar.text(place("capture.interface"), interfaceName));
        capture.entries().putIfAbsent("missing", Entry.Scalar.text(place("capture.missing"), "fail"));
    }

    private static Place place(String key) {
        return new Place.Option("-i", key);
    }
}
