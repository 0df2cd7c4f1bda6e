package io.ringtap.daemon.plugin;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A new Maven project of a plug-in: a handler that counts frames, its type, its test by the test kit. */
public final class HandlerProject {
    private static final String TEMPLATES = "handler-project/";
    private static final int MOST_LETTERS = 64;

    /** What would make names of classes that the new ones import. */
    private static final Set<String> IMPORTED = Set.of("Frame", "Handler");

    private static final Pattern TYPE = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");
    private static final Pattern PACKAGE = Pattern.compile("[a-z_][a-z0-9_]*(\\.[a-z_][a-z0-9_]*)*");

    /** The Java Language Specification, 3.9 and 3.10, as far as it is of the letters of a package's name. */
    private static final Set<String> RESERVED = Set.of(("abstract assert boolean break byte case catch char class const"
                    + " continue default do double else enum extends false final finally float for goto if implements"
                    + " import instanceof int interface long native new null package private protected public return"
                    + " short static strictfp super switch synchronized this throw throws transient true try void"
                    + " volatile while _")
            .split(" "));

    private final String type;
    private final String packageName;

    /**
     * Checks the names.
     *
     * @param type the handler type's name
     * @param packageName of its classes, and the project's group
     * @param taken the types that are built in
     * @throws IllegalArgumentException if a name cannot be used; the message says why
     */
    public HandlerProject(String type, String packageName, Collection<String> taken) {
        if (!TYPE.matcher(type).matches() || type.length() > MOST_LETTERS) {
            throw new IllegalArgumentException("the name must be of small letters, digits and single hyphens, such as"
                    + " my-handler, " + MOST_LETTERS + " at most, not \"" + type + "\"");
        }
        if (taken.contains(type) || IMPORTED.contains(classPrefix(type))) {
            throw new IllegalArgumentException("\"" + type + "\" is a name of ringtap's own: give yours another one");
        }
        if (!PACKAGE.matcher(packageName).matches()
                || Stream.of(packageName.split("\\.")).anyMatch(RESERVED::contains)) {
            throw new IllegalArgumentException(
                    "the package must be a name such as org.example, not \"" + packageName + "\"");
        }
        if (ApiClassLoader.isShownBelow(packageName)) {
            throw new IllegalArgumentException("the package must not be one of ringtap's, the JDK's or pcap4j's, as \""
                    + packageName + "\" is: it would not be found in the plug-in");
        }
        this.type = type;
        this.packageName = packageName;
    }

    /** What its classes' names begin with: {@code My} for {@code my-handler}, {@code ArpWatch} for {@code arp-watch}. */
    private static String classPrefix(String type) {
        return Stream.of(type.replaceFirst("-handler$", "").split("-"))
                .map(word -> Character.toUpperCase(word.charAt(0)) + word.substring(1))
                .collect(Collectors.joining());
    }

    /**
     * Writes the files, in folders that are made.
     *
     * @throws IOException if one cannot be written; those before it stay
     */
    public void write(Path folder) throws IOException {
        Map<Path, String> files = files(folder);
        for (Map.Entry<Path, String> file : files.entrySet()) {
            Files.createDirectories(file.getKey().getParent());
            Files.writeString(file.getKey(), file.getValue());
        }
    }

    private Map<Path, String> files(Path folder) throws IOException {
        String prefix = classPrefix(type);
        Path main = folder.resolve("src/main");
        Path source = Path.of("java", packageName.split("\\."));
        Map<Path, String> files = new LinkedHashMap<>();
        files.put(folder.resolve("pom.xml"), filled("pom.xml"));
        files.put(main.resolve(source).resolve(prefix + "Handler.java"), filled("Handler.java"));
        files.put(main.resolve(source).resolve(prefix + "Type.java"), filled("Type.java"));
        files.put(main.resolve("resources").resolve(PluginJar.SERVICE), packageName + "." + prefix + "Type\n");
        files.put(
                folder.resolve("src/test").resolve(source).resolve(prefix + "HandlerTest.java"),
                filled("HandlerTest.java"));
        return files;
    }

    private String filled(String template) throws IOException {
        try (InputStream in = HandlerProject.class.getResourceAsStream(TEMPLATES + template)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .replace("%PACKAGE%", packageName)
                    .replace("%CLASS%", classPrefix(type))
                    .replace("%TYPE%", type);
        }
    }
}
