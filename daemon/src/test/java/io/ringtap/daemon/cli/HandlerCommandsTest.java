package io.ringtap.daemon.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code ringtap handler new}; {@code .ci/outside-test} builds and runs what it writes. */
class HandlerCommandsTest {
    @TempDir
    private Path folder;

    private final StringWriter said = new StringWriter();

    private int run(String... arguments) {
        return RingtapCommand.commandLine(new StopSignal(), "handler")
                .setOut(new PrintWriter(said, true))
                .setErr(new PrintWriter(said, true))
                .execute(arguments);
    }

    private static Set<String> filesIn(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return new TreeSet<>(files.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString())
                    .toList());
        }
    }

    @Test
    void shouldWriteAProjectOfThatTypeAndPackage() throws IOException {
        Path project = folder.resolve("new/arp");
        assertEquals(
                ExitCode.DONE,
                run("handler", "new", "arp-watch", "--package", "net.example.arp", "-o", project.toString()));
        assertEquals(
                Set.of(
                        "pom.xml",
                        "src/main/java/net/example/arp/ArpWatchHandler.java",
                        "src/main/java/net/example/arp/ArpWatchType.java",
                        "src/main/resources/META-INF/services/io.ringtap.frame.HandlerType",
                        "src/test/java/net/example/arp/ArpWatchHandlerTest.java"),
                filesIn(project));
        assertEquals(
                "net.example.arp.ArpWatchType\n",
                Files.readString(project.resolve("src/main/resources/META-INF/services/io.ringtap.frame.HandlerType")));
        for (String file : filesIn(project)) {
            String text = Files.readString(project.resolve(file));
            assertFalse(text.contains("%") || text.contains("${"), file + "\n" + text);
        }
        assertEquals("""
                made %1$s; to test, build and run it:
                    mvn -f %1$s package
                    ringtap run -i INTERFACE --plugins %1$s/target --set worker.handler.type=arp-watch
                """.formatted(project), said.toString());
    }

    @Test
    void shouldWriteClassesThatCompileWithoutAWarning() throws IOException {
        assertEquals(ExitCode.DONE, run("handler", "new", "my-handler", "-o", folder.toString()));
        List<String> sources = filesIn(folder).stream()
                .filter(file -> file.endsWith(".java"))
                .map(file -> folder.resolve(file).toString())
                .toList();
        assertEquals(3, sources.size(), sources::toString);
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        String[] arguments = Stream.concat(
                        Stream.of(
                                "-Xlint:all",
                                "-Werror",
                                "-proc:none",
                                "-cp",
                                classPath,
                                "-d",
                                folder.resolve("compiled").toString()),
                        sources.stream())
                .toArray(String[]::new);
        PrintWriter compiler = new PrintWriter(said, true);
        assertEquals(
                0, ToolProvider.findFirst("javac").orElseThrow().run(compiler, compiler, arguments), said::toString);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "My-Handler|org.example|the name must be of small letters, digits and single hyphens, such as my-handler,"
                        + " 64 at most, not \"My-Handler\"",
                "my--handler|org.example|the name must be of small letters, digits and single hyphens, such as my-handler,"
                        + " 64 at most, not \"my--handler\"",
                "record|org.example|\"record\" is a name of ringtap's own: give yours another one",
                "frame|org.example|\"frame\" is a name of ringtap's own: give yours another one",
                "mine|org.Example|the package must be a name such as org.example, not \"org.Example\"",
                "mine|org.new|the package must be a name such as org.example, not \"org.new\"",
                "mine|io.ringtap.frame|the package must not be one of ringtap's, the JDK's or pcap4j's,"
                        + " as \"io.ringtap.frame\" is: it would not be found in the plug-in",
            })
    void shouldRefuseNamesThatCannotBe(String name, String packageName, String problem) throws IOException {
        assertEquals(
                ExitCode.BAD_USAGE,
                run(
                        "handler",
                        "new",
                        name,
                        "--package",
                        packageName,
                        "-o",
                        folder.resolve("x").toString()));
        assertEquals("ringtap: " + problem + "; see ringtap handler new --help\n", said.toString());
        assertEquals(Set.of(), filesIn(folder));
    }

    @Test
    void shouldWriteOverNothing() throws IOException {
        Path kept = Files.writeString(folder.resolve("kept"), "as it was");
        assertEquals(ExitCode.BAD_USAGE, run("handler", "new", "mine", "-o", folder.toString()));
        assertEquals(ExitCode.BAD_USAGE, run("handler", "new", "mine", "-o", kept.toString()));
        assertEquals(Set.of("kept"), filesIn(folder));
        assertEquals("""
                ringtap: %1$s is there, and not empty: name another folder by -o; see ringtap handler new --help
                ringtap: %1$s/kept is there, and not empty: name another folder by -o; see ringtap handler new --help
                """.formatted(folder), said.toString());
    }

    @Test
    void shouldSayWhereItCouldNotWrite() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        String target = file.resolve("mine").toString();
        assertEquals(ExitCode.FAILED, run("handler", "new", "mine", "-o", target));
        assertTrue(
                said.toString().startsWith("ringtap: handler new: cannot write to " + target + ": "), said.toString());
    }

    @Test
    void shouldAskForACommand() {
        assertEquals(ExitCode.BAD_USAGE, run("handler"));
        assertEquals("ringtap: a command is missing: new; see ringtap handler --help\n", said.toString());
    }
}
