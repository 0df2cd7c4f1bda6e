package io.ringtap.daemon.plugin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.frame.FrameHandler;
import io.ringtap.frame.HandlerSettings;
import io.ringtap.testkit.HandlerTrial;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PluginFolderTest {
    private static final Map<String, Function<HandlerSettings, FrameHandler>> BUILT_INS =
            Map.of("count", _ -> _ -> {}, "log", _ -> _ -> {});

    @TempDir
    private Path folder;

    private Map<String, Function<HandlerSettings, FrameHandler>> types() throws PluginException {
        return PluginFolder.typesWith(BUILT_INS, Optional.of(folder));
    }

    /** What is wrong; the folder's name is {@code DIR}. */
    private List<String> problems() {
        return assertThrows(PluginException.class, this::types).problems().stream()
                .map(line -> line.replace(folder.toString(), "DIR"))
                .toList();
    }

    private void jar(String name, JarOfSources content) throws IOException {
        content.write(folder.resolve(name));
    }

    @Test
    void shouldAddWhatTheJarsBringToWhatIsBuiltIn() throws Exception {
        jar("a.jar", new JarOfSources().type("org.example.A", "vlans").type("org.example.A2", "org.example.sizes"));
        jar("b.jar", new JarOfSources().type("org.example.B", "talkers"));
        Files.writeString(folder.resolve("README.txt"), "not a plug-in");
        assertEquals(Set.of("count", "log", "vlans", "org.example.sizes", "talkers"), types().keySet());
        FrameHandler first = types().get("vlans").apply(HandlerSettings.none());
        assertNotSame(first, types().get("vlans").apply(HandlerSettings.none()));
        try (HandlerTrial trial = HandlerTrial.start(first)) {
            assertEquals(1, trial.frame(new byte[60]).delivered());
        }
    }

    @Test
    void shouldNeedNoJarAtAll() throws Exception {
        assertEquals(BUILT_INS.keySet(), types().keySet());
    }

    @Test
    void shouldGiveEachJarItsOwnClassesAndNothingOfRingtapButWhatHandlersNeed() throws Exception {
        for (String jar : List.of("a", "b")) {
            jar(
                    jar + ".jar",
                    new JarOfSources()
                            .source(
                                    "org.example.Shared",
                                    "package org.example; public class Shared { public static String jar() { return \""
                                            + jar + "\"; } }")
                            .type("org.example.Type", jar, "API_VERSION", """
                                    return frame -> { throw new IllegalStateException(Shared.jar()); };"""));
        }
        for (String jar : List.of("a", "b")) {
            FrameHandler handler = types().get(jar).apply(HandlerSettings.none());
            assertEquals(
                    jar,
                    assertThrows(IllegalStateException.class, () -> handler.onFrame(null))
                            .getMessage());
            ClassLoader loader = handler.getClass().getClassLoader();
            assertSame(FrameHandler.class, loader.loadClass(FrameHandler.class.getName()));
            assertSame(org.pcap4j.packet.EthernetPacket.class, loader.loadClass("org.pcap4j.packet.EthernetPacket"));
            assertSame(org.slf4j.Logger.class, loader.loadClass("org.slf4j.Logger"));
            assertInstanceOf(Class.class, loader.loadClass("java.sql.Driver"));
            for (String hidden : List.of(
                    "com.google.gson.Gson",
                    "com.lmax.disruptor.Sequence",
                    "io.ringtap.Tap",
                    "io.ringtap.daemon.Daemon",
                    "org.pcap4j.core.Pcaps")) {
                assertThrows(ClassNotFoundException.class, () -> loader.loadClass(hidden), hidden);
            }
        }
    }

    @Test
    void shouldTellOfATypeThatTwoBring() throws Exception {
        jar("a.jar", new JarOfSources().type("org.example.A", "vlans"));
        jar("b.jar", new JarOfSources().type("org.example.B", "vlans").type("org.example.B2", "log"));
        assertEquals(
                List.of(
                        "plug-in DIR/b.jar: the handler type \"vlans\" comes with DIR/a.jar too: take one out, or rename"
                                + " it",
                        "plug-in DIR/b.jar: the handler type \"log\" is built in: take one out, or rename it"),
                problems());
    }

    @Test
    void shouldTellOfAnotherVersion() throws Exception {
        jar("old.jar", new JarOfSources().type("org.example.Old", "old", "0", "return null;"));
        assertEquals(
                List.of(
                        "plug-in DIR/old.jar: org.example.Old was built for version 0 of io.ringtap.frame, and this ringtap"
                                + " has version 1: build it against the ringtap-capture of this ringtap"),
                problems());
    }

    @Test
    void shouldTellOfWhatIsNoJarAndOfAJarThatBringsNothing() throws Exception {
        Files.writeString(folder.resolve("a.jar"), "PK, or so it says");
        Files.write(folder.resolve("b.jar"), new byte[0]);
        Files.createDirectory(folder.resolve("c.jar"));
        jar("d.jar", new JarOfSources());
        jar("e.jar", new JarOfSources().service("# none yet"));
        List<String> problems = problems();
        assertEquals(5, problems.size(), problems::toString);
        assertTrue(problems.get(0).startsWith("plug-in DIR/a.jar: is no jar, or a damaged one ("), problems::toString);
        assertTrue(problems.get(1).startsWith("plug-in DIR/b.jar: is no jar, or a damaged one ("), problems::toString);
        assertTrue(problems.get(2).startsWith("plug-in DIR/c.jar: "), problems::toString);
        assertEquals(
                "plug-in DIR/d.jar: brings no type of handler: META-INF/services/io.ringtap.frame.HandlerType is missing,"
                        + " which lists the classes that implement io.ringtap.frame.HandlerType; add it, or take the jar"
                        + " out of the folder",
                problems.get(3));
        assertEquals(
                "plug-in DIR/e.jar: brings no type of handler: its META-INF/services/io.ringtap.frame.HandlerType names no"
                        + " class",
                problems.get(4));
    }

    @Test
    void shouldTellOfClassesThatAreMissingOrNotWhatTheyShouldBe() throws Exception {
        String cure = ": correct the jar's META-INF/services/io.ringtap.frame.HandlerType, or the class that it names";
        jar("a.jar", new JarOfSources().service("org.example.Nowhere"));
        jar("b.jar", new JarOfSources().type("org.example.B", "b").without("org.example.B"));
        jar(
                "c.jar",
                new JarOfSources()
                        .source("org.example.C", "package org.example; public class C {}")
                        .service("org.example.C"));
        jar("d.jar", new JarOfSources().service("two words"));
        assertEquals(
                List.of(
                        "plug-in DIR/a.jar: Provider org.example.Nowhere not found" + cure,
                        "plug-in DIR/b.jar: Provider org.example.B not found" + cure,
                        "plug-in DIR/c.jar: org.example.C not a subtype" + cure),
                problems().subList(0, 3));
        assertTrue(problems().get(3).startsWith("plug-in DIR/d.jar: jar:file:"), problems()::toString);
        assertTrue(problems().get(3).endsWith("Illegal configuration-file syntax" + cure), problems()::toString);
    }

    @Test
    void shouldTellOfATypeWhoseOwnClassNeedsAnother() throws Exception {
        jar(
                "a.jar",
                new JarOfSources()
                        .source("org.example.Base", "package org.example; public class Base {}")
                        .source("org.example.A", """
                                package org.example;
                                import io.ringtap.frame.*;
                                public final class A extends Base implements HandlerType {
                                    @Override public int apiVersion() { return API_VERSION; }
                                    @Override public String name() { return "a"; }
                                    @Override public FrameHandler make(HandlerSettings settings) { return frame -> {}; }
                                }
                                """)
                        .service("org.example.A")
                        .without("org.example.Base"));
        List<String> problems = problems();
        assertEquals(1, problems.size());
        assertTrue(problems.getFirst().startsWith("plug-in DIR/a.jar: "), problems::toString);
        assertTrue(problems.getFirst().contains("org/example/Base"), problems::toString);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "two words", "-x", "a/b", "\\u00e4"})
    void shouldTellOfANameThatNobodyCouldWrite(String name) throws Exception {
        jar("a.jar", new JarOfSources().type("org.example.A", name));
        List<String> problems = problems();
        assertEquals(1, problems.size());
        assertTrue(problems.getFirst().startsWith("plug-in DIR/a.jar: org.example.A gives \""), problems::toString);
        assertTrue(
                problems.getFirst()
                        .endsWith("as its name, which must be 1 to 64 letters, digits, hyphens, dots and underscores"),
                problems::toString);
    }

    @Test
    void shouldTellOfATypeThatThrows() throws Exception {
        jar("a.jar", new JarOfSources().type("org.example.A", "a", "Integer.parseInt(\"x\\ny\")", "return null;"));
        assertEquals(
                List.of(
                        "plug-in DIR/a.jar: org.example.A threw java.lang.NumberFormatException: For input string: \"x"),
                problems());
    }

    @Test
    void shouldTellOfAFolderThatIsNotThereOrIsNone() throws Exception {
        Path missing = folder.resolve("missing");
        assertEquals(
                List.of("plug-in folder " + missing + ": there is none: make it, or leave --plugins out"),
                assertThrows(PluginException.class, () -> PluginFolder.typesWith(BUILT_INS, Optional.of(missing)))
                        .problems());
        Path file = Files.writeString(folder.resolve("file"), "");
        assertEquals(
                List.of("plug-in folder " + file + ": is a file: name the folder that the jars lie in"),
                assertThrows(PluginException.class, () -> PluginFolder.typesWith(BUILT_INS, Optional.of(file)))
                        .problems());
    }
}
