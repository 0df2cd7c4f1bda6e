package io.ringtap.daemon.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.daemon.config.ConfigKeys;
import io.ringtap.daemon.config.toml.Key;
import io.ringtap.daemon.config.toml.Schema;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is told of the keys: of each there is, of no other, and as the readers have it. */
class ReferenceTest {
    private static final KeyTexts TEXTS = KeyTexts.load();

    @Test
    void shouldKeepTheInstalledFileAsItIsGenerated() throws Exception {
        assertEquals(
                CommentedFile.installed(),
                Files.readString(Path.of("../systemd/ringtap.toml")),
                "build, then: cp daemon/target/ringtap.toml systemd/ringtap.toml");
    }

    @Test
    void shouldTellOfEveryKeyAndOfNoOther() {
        Map<String, Key<?>> keys = keys();
        TreeSet<String> told = new TreeSet<>(TEXTS.told());
        told.removeIf(path -> path.endsWith(".about"));
        TreeSet<String> silent = new TreeSet<>(keys.keySet());
        silent.removeAll(told);
        // a header's field with a default is told by its name, its limits and the default
        silent.removeIf(path ->
                path.startsWith("inject.frame.") && keys.get(path).defaultToml().isPresent());
        assertEquals(new TreeSet<>(), silent, "keys without a text in keys.toml");
        told.removeAll(keys.keySet());
        assertEquals(new TreeSet<>(), told, "texts without a key");
    }

    @Test
    void shouldHaveEveryKeyInTheManualWithItsLimitsAndItsDefault() {
        String page = ManualPage.text("1.2.3", "2026-11-20").replace("\\-", "-").replace("\\(dq", "\"");
        keys().forEach((path, key) -> assertTrue(page.contains("\n.B " + key.name() + "\n"), path));
        assertTrue(page.contains("""
                        .B buffer
                        The kernel's ring: how long a burst, or a pause of the readers, it outlasts.
                        .br
                        Values: a size from 64 KiB to 2047 MiB. Default: "64 MiB".
                        """));
        assertTrue(
                page.contains(".br\nValues: above 0, and at most 1") || page.contains("number above 0, and at most 1"));
    }

    /** A handler's default and limits are those that its constructor asks for, those that depend on another key too. */
    @Test
    void shouldKnowTheKeysOfHandlersByWhatTheirConstructorsAskFor() {
        List<Key<?>> watch = HandlerKeys.ofBuiltIns().get("watch");
        assertEquals(
                List.of("frames", "within", "hold", "stream", "stop-at-end", "record", "absent"),
                watch.stream().map(Key::name).toList());
        assertEquals(
                List.of("from 1 to 1000000", "above 0, and at most 24 h", "from 0 s to 24 h"),
                watch.stream().limit(3).map(key -> key.kind().limits()).toList());
        Key<?> memory = HandlerKeys.ofBuiltIns().get("flows").getFirst();
        assertEquals(Optional.of("\"64 MiB\""), memory.defaultToml());
        assertEquals("from 1 MiB to 256 GiB", memory.kind().limits());
    }

    @Test
    void shouldBeRenderedByManWithoutAWarning(@TempDir Path folder) throws Exception {
        Path page = Files.writeString(folder.resolve("ringtap.toml.5"), ManualPage.text("1.2.3", "2026-11-20"));
        ProcessBuilder man = new ProcessBuilder("man", "--warnings", "-l", page.toString());
        man.environment().put("LC_ALL", "C.UTF-8");
        man.environment().put("MANWIDTH", "80");
        Path warnings = folder.resolve("warnings");
        Process process = man.redirectError(warnings.toFile()).start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor());
        assertEquals("", Files.readString(warnings));
        assertTrue(text.contains("Values: a whole number from 1 to 64. Default: 1."), text);
    }

    private static Map<String, Key<?>> keys() {
        Map<String, Key<?>> keys = new TreeMap<>();
        addKeys(ConfigKeys.ROOT, "", keys);
        HandlerKeys.ofBuiltIns().forEach((type, own) -> own.forEach(key -> keys.put(type + "." + key.name(), key)));
        assertTrue(keys.size() > 150, keys::toString);
        return keys;
    }

    private static void addKeys(Schema table, String path, Map<String, Key<?>> keys) {
        table.keys().forEach(key -> keys.put(path + key.name(), key));
        table.tables().forEach(inner -> addKeys(inner, path + inner.name() + ".", keys));
    }
}
