package io.ringtap.frame;

import io.ringtap.testkit.HandlerTrial;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Compares the headers of capture files, by their names, with what tshark says: a line for each frame that differs, and a count. */
public final class HeadersSuite {
    private HeadersSuite() {}

    /** Prints {@code FILE FRAME FIELD OURS THEIRS} for each field that differs. */
    public static void main(String[] files) {
        long frames = 0;
        long same = 0;
        Map<String, Long> byField = new TreeMap<>();
        for (String file : files) {
            List<Map<String, List<String>>> ours = new ArrayList<>();
            try (HandlerTrial trial = HandlerTrial.start(frame -> ours.add(TsharkFields.of(frame)))) {
                trial.file(Path.of(file));
            } catch (RuntimeException e) {
                System.out.println(file + ": not read: " + e.getMessage());
                continue;
            }
            List<Map<String, List<String>>> theirs = TsharkFields.byTshark(Path.of(file));
            if (theirs.size() != ours.size()) {
                System.out.println(file + ": " + ours.size() + " frames, tshark " + theirs.size());
            }
            for (int i = 0; i < Math.min(ours.size(), theirs.size()); i++) {
                frames++;
                if (ours.get(i).equals(theirs.get(i))) {
                    same++;
                    continue;
                }
                for (String field : union(ours.get(i), theirs.get(i))) {
                    List<String> a = ours.get(i).getOrDefault(field, List.of());
                    List<String> b = theirs.get(i).getOrDefault(field, List.of());
                    if (!a.equals(b)) {
                        byField.merge(field, 1L, Long::sum);
                        System.out.println(file + " " + (i + 1) + " " + field + " " + a + " " + b);
                    }
                }
            }
        }
        System.out.println(frames + " frames, " + same + " the same; by field " + byField);
    }

    private static List<String> union(Map<String, List<String>> a, Map<String, List<String>> b) {
        Map<String, List<String>> all = new TreeMap<>(a);
        all.putAll(b);
        return List.copyOf(all.keySet());
    }
}
