package io.ringtap.daemon.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.daemon.config.toml.ConfigException;
import io.ringtap.daemon.config.toml.Entry;
import io.ringtap.daemon.config.toml.Key;
import io.ringtap.daemon.config.toml.Kind;
import io.ringtap.daemon.config.toml.Place;
import io.ringtap.daemon.config.toml.Problems;
import io.ringtap.daemon.config.toml.Schema;
import io.ringtap.daemon.config.toml.Section;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/** The declared keys are those that the readers read, and their limits are the readers' own. */
class ConfigKeysTest {
    /** Streams of both kinds, frames of all kinds: where each table can be. */
    private static final String TABLES = """
            [[capture]]
            [[worker]]
            [[worker.handler]]
            type = "count"
            [[inject]]
            [inject.frame]
            [[inject.frame.vlan]]
            [inject.frame.lldp]
            [inject.frame.arp]
            [inject.frame.ipv4]
            [inject.frame.ipv6]
            [inject.frame.udp]
            [inject.frame.tcp]
            [inject.frame.icmp]
            [inject.frame.icmpv6]
            [inject.frame.mark]
            [[inject.frame.vary]]
            VARY
            [[inject]]
            replay = "none"
            [inject.rewrite]
            [[export]]
            [[interface]]
            [control]
            [daemon]
            [metrics]
            """;

    /** What a variation needs so that a key of it is of use. */
    private static final Map<String, String> VARY = Map.of(
            "offset", "kind = \"counter\"",
            "width", "offset = 0\nkind = \"counter\"",
            "values", "field = \"udp.source-port\"\nkind = \"list\"",
            "seed", "field = \"udp.source-port\"\nkind = \"random\"");

    private static final String COUNTER = "field = \"udp.source-port\"\nkind = \"counter\"";

    @Test
    void shouldReadEveryKeyThatIsDeclared() {
        List<String> unread = new ArrayList<>();
        for (String path : paths(ConfigKeys.ROOT, "")) {
            problems(path, "{ no = \"such value\" }").stream()
                    .filter(line -> line.contains("unknown"))
                    .forEach(unread::add);
        }
        assertEquals(List.of(), unread);
        assertTrue(problems("capture.bufer", "1").stream().anyMatch(line -> line.contains("unknown key")));
    }

    @Test
    void shouldTakeWhatIsAtTheLimitsAndRefuseWhatIsBeyond() {
        int checked = 0;
        for (Limit limit : limits(ConfigKeys.ROOT, "").toList()) {
            for (String inside : limit.inside()) {
                assertEquals(List.of(), refusals(limit.path(), inside), limit.path() + " = " + inside);
            }
            for (String outside : limit.outside()) {
                String refusal = limit.path() + ": must be " + limit.limits() + ", not ";
                assertTrue(
                        refusals(limit.path(), outside).stream().anyMatch(line -> line.contains(refusal)),
                        refusal + outside);
            }
            checked++;
        }
        assertTrue(checked > 20, "only " + checked);
    }

    @Test
    void shouldNotReadAKeyThatIsNotDeclared() {
        Schema schema = Schema.table("table", List.of(Key.flag("declared", true)));
        Section section = new Section(
                new Entry.Table(new Place.BuiltIn(), new LinkedHashMap<>()), "table", new Problems(), schema);
        assertEquals(true, section.value(Key.flag("declared", true)));
        String message = Assertions.assertThrows(
                        IllegalStateException.class, () -> section.value(Key.flag("other", true)))
                .getMessage();
        assertEquals("a reader asks for table.other, which no schema declares", message);
    }

    /** Values at a key's limits, and one step beyond. */
    private record Limit(String path, String limits, List<String> inside, List<String> outside) {}

    private static Stream<Limit> limits(Schema table, String path) {
        Stream<Limit> own = table.keys().stream().flatMap(key -> limit(path + key.name(), key.kind()).stream());
        return Stream.concat(own, table.tables().stream().flatMap(inner -> limits(inner, path + inner.name() + ".")));
    }

    private static Optional<Limit> limit(String path, Kind<?> kind) {
        return Optional.ofNullable(
                switch (kind) {
                    case Kind.Whole(long least, long most, boolean _) -> numbers(path, kind, least, most, 1);
                    case Kind.Size(long least, long most, boolean _) -> numbers(path, kind, least, most, 1);
                    case Kind.Decimal(double least, double most, boolean above) ->
                        new Limit(
                                path,
                                kind.limits(),
                                List.of(above ? "" + Math.nextUp(least) : "" + least, "" + most),
                                List.of(above ? "" + least : "" + Math.nextDown(least), "" + Math.nextUp(most)));
                    case Kind.Time time ->
                        new Limit(
                                path,
                                kind.limits(),
                                List.of(
                                        nanos(time.least().toNanos()),
                                        nanos(time.most().toNanos())),
                                Stream.of(
                                                time.least().toNanos() - 1,
                                                time.most().toNanos() + 1)
                                        .filter(nanos -> nanos >= 0)
                                        .map(ConfigKeysTest::nanos)
                                        .toList());
                    default -> null;
                });
    }

    private static Limit numbers(String path, Kind<?> kind, long least, long most, long step) {
        List<String> outside = new ArrayList<>(List.of("" + (least - step)));
        if (least == 1) {
            outside.add("-1");
        }
        if (most < Long.MAX_VALUE) {
            outside.add("" + (most + step));
        }
        return new Limit(path, kind.limits(), List.of("" + least, "" + most), outside);
    }

    private static String nanos(long nanos) {
        return "\"" + nanos + " ns\"";
    }

    private static Set<String> paths(Schema table, String path) {
        Set<String> paths = new TreeSet<>();
        table.keys().forEach(key -> paths.add(path + key.name()));
        table.tables().forEach(inner -> paths.addAll(paths(inner, path + inner.name() + ".")));
        return paths;
    }

    private static List<String> refusals(String path, String value) {
        return problems(path, value).stream()
                .filter(line -> line.contains(path + ": must be ") && line.contains(", not "))
                .toList();
    }

    /** What is wrong with a configuration that has all tables, and in each of that name a key; much is. */
    private static List<String> problems(String path, String value) {
        String vary = VARY.getOrDefault(path.substring(path.lastIndexOf('.') + 1), COUNTER);
        return ConfigText.inFile(TABLES.replace("VARY", vary), file -> {
            try {
                ConfigText.reader().read(ConfigSource.file(file, path + "=" + value));
                return List.of();
            } catch (ConfigException e) {
                return e.problems();
            }
        });
    }
}
