package io.ringtap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.inject.InjectLoop;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/** A library that is published: what it promises, and what there is of it. */
enum PublishedModule {
    CAPTURE(Tap.class),
    INJECT(InjectLoop.class);

    /** The project's root. */
    static final Path ROOT =
            Path.of(System.getProperty("basedir", "")).toAbsolutePath().getParent();

    private static final Pattern TYPE = Pattern.compile(" (?:class|interface) ([\\w.$]+)");
    private static final Pattern OF_EVERY_TYPE =
            Pattern.compile(" (toString\\(\\)|hashCode\\(\\)|equals\\(java\\.lang\\.Object\\)|values\\(\\)"
                    + "|valueOf\\(java\\.lang\\.String\\));$");

    private final Class<?> one;

    PublishedModule(Class<?> one) {
        this.one = one;
    }

    /** Packages that are promised as a whole. */
    List<String> wholePackages() {
        return this == CAPTURE ? List.of("io.ringtap.frame", "io.ringtap.ledger", "io.ringtap.testkit") : List.of();
    }

    /** Where its promise is kept. */
    Path file() {
        return ROOT.resolve(name().toLowerCase(Locale.ROOT)).resolve("api.txt");
    }

    private Path classes() {
        try {
            return Path.of(
                    one.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What is promised: by a type's first line, its members. */
    Map<String, List<String>> promised() throws IOException {
        Map<String, List<String>> types = new TreeMap<>();
        List<String> members = new ArrayList<>();
        for (String line : Files.readAllLines(file())) {
            if (line.startsWith("    ")) {
                members.add(line.strip());
            } else if (!line.isEmpty()) {
                members = new ArrayList<>();
                types.put(line, members);
            }
        }
        return types;
    }

    /** The names of the types that are promised. */
    Set<String> promisedNames() throws IOException {
        Set<String> names = new TreeSet<>();
        for (String line : promised().keySet()) {
            Matcher type = TYPE.matcher(line);
            assertTrue(type.find(), line);
            names.add(type.group(1));
        }
        return names;
    }

    /** What is compiled of the types that are promised, in the same form. */
    Map<String, List<String>> actual() throws IOException {
        List<String> arguments = new ArrayList<>(
                List.of("-protected", "-constants", "-cp", classes().toString()));
        arguments.addAll(promisedNames());
        StringWriter printed = new StringWriter();
        PrintWriter out = new PrintWriter(printed, true);
        assertEquals(
                0,
                ToolProvider.findFirst("javap").orElseThrow().run(out, out, arguments.toArray(String[]::new)),
                printed::toString);
        Map<String, List<String>> types = new TreeMap<>();
        List<String> members = new ArrayList<>();
        for (String line : printed.toString().lines().toList()) {
            if (line.endsWith(" {")) {
                members = new ArrayList<>();
                types.put(line.substring(0, line.length() - 2), members);
            } else if (line.startsWith("  ") && !OF_EVERY_TYPE.matcher(line).find()) {
                members.add(line.strip());
            }
        }
        types.values().forEach(all -> all.sort(null));
        return types;
    }

    /** Public types that stand in a package, by its class files or its jar. */
    Set<String> publicTypes(String packageName) throws IOException {
        Set<String> names = new TreeSet<>();
        Path classes = classes();
        if (Files.isDirectory(classes)) {
            names.addAll(typesIn(classes.resolve(packageName.replace('.', '/')), packageName));
        } else {
            try (FileSystem jar = FileSystems.newFileSystem(classes)) {
                names.addAll(typesIn(jar.getPath(packageName.replace('.', '/')), packageName));
            }
        }
        names.removeIf(name -> !isVisible(name));
        return names;
    }

    private static List<String> typesIn(Path folder, String packageName) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(".class") && !file.startsWith("package-info"))
                    .map(file -> packageName + "." + file.substring(0, file.length() - ".class".length()))
                    .toList();
        }
    }

    private static boolean isVisible(String name) {
        try {
            for (Class<?> type = Class.forName(name, false, PublishedModule.class.getClassLoader());
                    type != null;
                    type = type.getEnclosingClass()) {
                if ((type.getModifiers() & Modifier.PUBLIC) == 0 || type.isAnonymousClass()) {
                    return false;
                }
            }
            return true;
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }
}
