package io.ringtap.daemon.plugin;

import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Compiles sources that a test gives as text, against what the test runs with, and puts them into a jar. */
public final class JarOfSources {
    private static final String SERVICE = "META-INF/services/io.ringtap.frame.HandlerType";

    private final Map<String, String> sources = new LinkedHashMap<>();
    private final Map<String, String> texts = new LinkedHashMap<>();
    private final List<String> leftOut = new ArrayList<>();
    private final List<String> options = new ArrayList<>();

    /** A source file, by the name of its class. */
    public JarOfSources source(String className, String text) {
        sources.put(className, text);
        return this;
    }

    /** A type of handlers named {@code type}, whose {@code make} has that body, and which the jar lists. */
    public JarOfSources type(String className, String type, String version, String make) {
        int dot = className.lastIndexOf('.');
        source(className, """
                package %s;
                import io.ringtap.frame.*;
                public final class %s implements HandlerType {
                    @Override public int apiVersion() { return %s; }
                    @Override public String name() { return "%s"; }
                    @Override public FrameHandler make(HandlerSettings settings) { %s }
                }
                """.formatted(
                        className.substring(0, dot), className.substring(dot + 1), version, type, make));
        return service(className);
    }

    /** A type built for this version whose handlers do nothing. */
    public JarOfSources type(String className, String type) {
        return type(className, type, "API_VERSION", "return frame -> {};");
    }

    /** A line of the list of types. */
    public JarOfSources service(String line) {
        texts.merge(SERVICE, line + "\n", String::concat);
        return this;
    }

    /** Compiles a class, but leaves it out of the jar. */
    public JarOfSources without(String className) {
        leftOut.add(className.replace('.', '/') + ".class");
        return this;
    }

    public JarOfSources option(String option) {
        options.add(option);
        return this;
    }

    /** Makes the jar. */
    public Path write(Path jar) throws IOException {
        Path classes = Files.createTempDirectory(jar.toAbsolutePath().getParent(), "classes");
        compile(classes);
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream entries = new JarOutputStream(out);
                Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".class")).toList()) {
                String name = classes.relativize(file).toString();
                if (!leftOut.contains(name)) {
                    add(entries, name, Files.readAllBytes(file));
                }
            }
            for (Map.Entry<String, String> text : texts.entrySet()) {
                add(entries, text.getKey(), text.getValue().getBytes(StandardCharsets.UTF_8));
            }
        }
        return jar;
    }

    private static void add(JarOutputStream entries, String name, byte[] content) throws IOException {
        entries.putNextEntry(new ZipEntry(name));
        entries.write(content);
        entries.closeEntry();
    }

    private void compile(Path classes) throws IOException {
        if (sources.isEmpty()) {
            return;
        }
        List<Path> files = new ArrayList<>();
        for (Map.Entry<String, String> source : sources.entrySet()) {
            Path file = classes.resolve(source.getKey().replace('.', '/') + ".java");
            Files.createDirectories(file.getParent());
            files.add(Files.writeString(file, source.getValue()));
        }
        JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
        StringWriter said = new StringWriter();
        List<String> all = new ArrayList<>(options);
        all.addAll(List.of("-proc:none", "-d", classes.toString(), "-cp", System.getProperty("java.class.path")));
        try (StandardJavaFileManager manager = javac.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            boolean compiled = javac.getTask(said, manager, null, all, null, manager.getJavaFileObjectsFromPaths(files))
                    .call();
            if (!compiled) {
                throw new IllegalArgumentException(said.toString());
            }
        }
    }
}
