package io.ringtap.daemon.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.frame.Frame;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/**
 * Builds {@code capture/example-plugin} by Maven, its test included, as somebody does who has installed ringtap-capture: from a
 * local repository that has what the running build's has, and the library under test. Nothing is downloaded.
 */
final class ExamplePlugin {
    private static final Path ROOT =
            Path.of(System.getProperty("basedir", "")).toAbsolutePath().getParent();
    private static final Path SOURCES = ROOT.resolve("capture/example-plugin");
    private static final String VERSION = "0.1.0";
    private static final long BUILD_SECONDS = 120;

    private ExamplePlugin() {}

    /** A folder, below {@code folder}, with the plug-in's jar in it and nothing else. */
    static Path build(Path folder) throws IOException, InterruptedException {
        Path project = copy(folder.resolve("project"));
        Path repository = repository(folder.resolve("repository"));
        Path said = folder.resolve("maven.txt");
        ProcessBuilder maven = new ProcessBuilder(
                        "mvn",
                        "-o",
                        "-B",
                        "-ntp",
                        "-Dmaven.repo.local=" + repository,
                        "-f",
                        project.toString(),
                        "package")
                .redirectErrorStream(true)
                .redirectOutput(said.toFile());
        maven.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process process = maven.start();
        boolean ended = process.waitFor(BUILD_SECONDS, TimeUnit.SECONDS);
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        delete(repository);
        String text = Files.readString(said);
        assertTrue(ended, text);
        assertEquals(0, process.exitValue(), text);
        assertTrue(text.contains("Tests run: 2, Failures: 0, Errors: 0, Skipped: 0"), text);
        Path plugins = Files.createDirectory(folder.resolve("plugins"));
        Files.move(project.resolve("target/oversize.jar"), plugins.resolve("oversize.jar"));
        return plugins;
    }

    /** Its links too, but not what they lead to; JUnit would warn of them. */
    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static Path copy(Path project) throws IOException {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            for (Path file :
                    files.filter(f -> !f.startsWith(SOURCES.resolve("target"))).toList()) {
                Files.copy(file, project.resolve(SOURCES.relativize(file).toString()));
            }
        }
        return project;
    }

    private static Path repository(Path repository) throws IOException {
        Path shared = Path.of(System.getProperty(
                "localRepository", System.getProperty("user.home") + "/.m2/repository")); // the first is surefire's
        Files.createDirectories(repository.resolve("io"));
        linkAllBut(shared, repository, "io");
        linkAllBut(shared.resolve("io"), repository.resolve("io"), "ringtap");
        Path library = artifact(repository, "ringtap-capture");
        jar(library.resolve("ringtap-capture-" + VERSION + ".jar"));
        Files.copy(ROOT.resolve("capture/pom.xml"), library.resolve("ringtap-capture-" + VERSION + ".pom"));
        Files.copy(ROOT.resolve("pom.xml"), artifact(repository, "ringtap").resolve("ringtap-" + VERSION + ".pom"));
        return repository;
    }

    private static void linkAllBut(Path from, Path to, String own) throws IOException {
        try (Stream<Path> all = Files.list(from)) {
            for (Path each :
                    all.filter(f -> !f.getFileName().toString().equals(own)).toList()) {
                Files.createSymbolicLink(to.resolve(each.getFileName()), each.toAbsolutePath());
            }
        }
    }

    private static Path artifact(Path repository, String name) throws IOException {
        return Files.createDirectories(
                repository.resolve("io/ringtap").resolve(name).resolve(VERSION));
    }

    /** The library under test is a jar if it was packaged in this build, a folder of classes if not. */
    private static void jar(Path jar) throws IOException {
        Path classes;
        try {
            classes = Path.of(Frame.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
        if (Files.isRegularFile(classes)) {
            Files.copy(classes, jar);
            return;
        }
        List<String> arguments = List.of("--create", "--file", jar.toString(), "-C", classes.toString(), ".");
        int result = ToolProvider.findFirst("jar")
                .orElseThrow()
                .run(System.out, System.err, arguments.toArray(String[]::new));
        assertEquals(0, result);
    }
}
