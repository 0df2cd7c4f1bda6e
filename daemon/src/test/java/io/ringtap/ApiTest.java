package io.ringtap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What is promised (capture/API.md), in the form of javap, is kept in {@code capture/api.txt} and {@code inject/api.txt}: a type, its
 * members in order. Behind a type with {@code ...} nothing else of it is promised; else it is promised whole. A change of what is
 * written there breaks those who compiled against it.
 */
class ApiTest {
    private static final Pattern NAME = Pattern.compile("\\b(?:[a-z][a-z0-9]*\\.)+[A-Z][\\w$]*");
    private static final String PARTLY = "...";

    /** Types of others may be those of the JDK, and pcap4j's data types. */
    private static final List<String> FOREIGN = List.of("java.", "org.pcap4j.packet.", "org.pcap4j.util.");

    private static boolean isPartly(List<String> members) {
        return members.contains(PARTLY);
    }

    @ParameterizedTest
    @EnumSource
    void shouldBeWhatWasPromised(PublishedModule module) throws IOException {
        Map<String, List<String>> promised = module.promised();
        Map<String, List<String>> actual = module.actual();
        List<String> gone = new ArrayList<>();
        List<String> added = new ArrayList<>();
        promised.forEach((type, members) -> {
            List<String> there = actual.get(type);
            if (there == null) {
                gone.add(type);
                return;
            }
            members.stream()
                    .filter(member -> !member.equals(PARTLY) && !there.contains(member))
                    .forEach(member -> gone.add(type + ": " + member));
            there.stream()
                    .filter(member -> !isPartly(members) && !members.contains(member))
                    .forEach(member -> added.add(type + ": " + member));
        });
        assertEquals(List.of(), gone, "promised, and gone: it breaks who was compiled against it (capture/API.md)");
        assertEquals(List.of(), added, "not in " + module.file() + " yet: add it, if it is to be promised");
    }

    @Test
    void shouldNameNothingThatIsNotPromised() throws IOException {
        Set<String> promised = new TreeSet<>();
        Set<String> named = new TreeSet<>();
        for (PublishedModule module : PublishedModule.values()) {
            promised.addAll(module.promisedNames());
            NAME.matcher(Files.readString(module.file()))
                    .results()
                    .map(MatchResult::group)
                    .forEach(named::add);
        }
        assertTrue(named.contains("io.ringtap.frame.Frame"), named::toString);
        named.removeAll(promised);
        named.removeIf(name -> FOREIGN.stream().anyMatch(name::startsWith));
        assertEquals(Set.of(), named);
    }

    @ParameterizedTest
    @EnumSource
    void shouldPromiseAllThatIsPublicInThePackagesThatAre(PublishedModule module) throws IOException {
        Set<String> promised = module.promisedNames();
        for (String packageName : module.wholePackages()) {
            Set<String> there = module.publicTypes(packageName);
            assertTrue(!there.isEmpty(), packageName);
            there.removeAll(promised);
            assertEquals(Set.of(), there, packageName);
        }
    }

    /** By jspecify's annotations: what is not {@code @Nullable} is never null, which the compiler checks (NullAway). */
    @ParameterizedTest
    @EnumSource
    void shouldSayWhatMayBeNull(PublishedModule module) throws Exception {
        Set<String> silent = new TreeSet<>();
        for (String name : module.promisedNames()) {
            Class<?> type = Class.forName(name.replaceFirst("\\$.*", ""), false, ApiTest.class.getClassLoader());
            if (!type.isAnnotationPresent(NullMarked.class)
                    && !type.getPackage().isAnnotationPresent(NullMarked.class)) {
                silent.add(name);
            }
        }
        assertEquals(Set.of(), silent);
    }

    /** A table's row for each package with what is promised of it. */
    @Test
    void shouldBeToldPackageByPackage() throws IOException {
        Set<String> packages = new TreeSet<>();
        for (PublishedModule module : PublishedModule.values()) {
            module.promisedNames().forEach(name -> packages.add(name.substring(0, name.lastIndexOf('.'))));
        }
        Set<String> told = new TreeSet<>();
        Pattern.compile("^\\| `(io\\.ringtap[\\w.]*)`", Pattern.MULTILINE)
                .matcher(Files.readString(PublishedModule.ROOT.resolve("capture/API.md")))
                .results()
                .forEach(row -> told.add(row.group(1)));
        assertEquals(packages, told);
    }
}
