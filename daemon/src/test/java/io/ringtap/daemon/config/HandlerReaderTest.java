package io.ringtap.daemon.config;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.ringtap.daemon.config.toml.ConfigException;
import io.ringtap.daemon.config.value.Quoted;
import io.ringtap.frame.Frame;
import io.ringtap.frame.FrameHandler;
import io.ringtap.frame.HandlerFactory;
import io.ringtap.frame.HandlerSettings;
import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HandlerReaderTest {
    private static final String WORKER = "[[capture]]\ninterface = \"a\"\n[[worker]]\n[[worker.handler]]\n";
    private static final String HERE = "io.ringtap.daemon.config.HandlerReaderTest$";

    /** Has a key of its own. */
    public static final class Own implements FrameHandler {
        final long size;

        public Own(HandlerSettings settings) {
            size = settings.number("size", 3, 1, 9);
            if (size == 7) {
                settings.problem("size", "7 brings bad luck");
            }
            if (size == 8) {
                settings.problem("shape", "is needed with 8");
            }
        }

        @Override
        public void onFrame(Frame frame) {}
    }

    /** Has one that is a number or a word. */
    public static final class Sliced implements FrameHandler {
        final long slice;

        public Sliced(HandlerSettings settings) {
            slice = settings.numberOr("slice", "headers", -1, 0, 1, 9);
        }

        @Override
        public void onFrame(Frame frame) {}
    }

    /** Has none. */
    public static final class Plain implements FrameHandler {
        @Override
        public void onFrame(Frame frame) {}
    }

    /** Cannot be made. */
    public static final class Throwing implements FrameHandler {
        public Throwing() {
            throw new IllegalStateException("no licence\nat all");
        }

        @Override
        public void onFrame(Frame frame) {}
    }

    /** Cannot be loaded. */
    public static final class Broken implements FrameHandler {
        static final int ZERO = Integer.parseInt("zero");

        @Override
        public void onFrame(Frame frame) {}
    }

    /** No handler. */
    public static final class Other {}

    /** Not public. */
    static final class Hidden implements FrameHandler {
        @Override
        public void onFrame(Frame frame) {}
    }

    /** Nothing to make. */
    public abstract static class Half implements FrameHandler {}

    /** Wants what nobody gives. */
    public static final class Greedy implements FrameHandler {
        public Greedy(String text) {
            throw new AssertionError(text);
        }

        @Override
        public void onFrame(Frame frame) {}
    }

    @Test
    void shouldReadAKeyOfEachKind() throws ConfigException {
        HandlerFactory factory = factory("""
                type = "log"
                text = "t"
                every = 10
                flag = true
                pause = "5 ms"
                limit = "1 KiB"
                """);
        assertEquals("log", factory.type());
        assertEquals(
                new ConfigText.Log("t", 10, true, Duration.ofMillis(5), 1_024),
                factory.supplier().get());
    }

    @Test
    void shouldMakeAHandlerForEachThread() throws ConfigException {
        HandlerFactory factory = factory("type = \"" + HERE + "Own\"\nsize = 5");
        Own first = assertInstanceOf(Own.class, factory.supplier().get());
        Own second = assertInstanceOf(Own.class, factory.supplier().get());
        assertNotSame(first, second);
        assertEquals(5, first.size);
        assertEquals(5, second.size);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {"slice = 7, 7", "slice = \"headers\", -1", "#, 0"})
    void shouldReadANumberOrAWord(String key, long slice) throws ConfigException {
        HandlerFactory factory = factory("type = \"" + HERE + "Sliced\"\n" + key);
        assertEquals(slice, assertInstanceOf(Sliced.class, factory.supplier().get()).slice);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {"10 | the number 10", "\"header\" | \"header\"", "1.5 | the number 1.5", "[1] | a list"})
    void shouldSayWhatIsNeitherTheNumberNorTheWord(String value, String told) {
        assertEquals(
                List.of("f:6:1: worker.handler.slice: must be from 1 to 9, or \"headers\", not " + told),
                ConfigText.problems(WORKER + "type = \"" + HERE + "Sliced\"\nslice = " + value));
    }

    @Test
    void shouldMakeAHandlerThatTakesNoSettings() throws ConfigException {
        HandlerFactory factory = factory("type = \"" + HERE + "Plain\"");
        assertInstanceOf(Plain.class, factory.supplier().get());
        assertEquals(HERE + "Plain", factory.type());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "every = 0 | 6:1: worker.handler.every: must be from 1 to 1000000, not the number 0",
                "evry = 1 | 6:1: worker.handler.evry: unknown key (did you mean every?)",
                "flag = 1 | 6:1: worker.handler.flag: must be true or false, not the number 1",
                "pause = 1 | 6:1: worker.handler.pause: must be a time such as \"10 ms\", not the number 1",
                "limit = \"1 K\" | 6:1: worker.handler.limit: must be a size such as \"64 MiB\", not \"1 K\""
                        + " (units: B, KiB, MiB, GiB, kB, MB, GB)",
                "text = 1 | 6:1: worker.handler.text: must be a text in quotes, not the number 1",
                "deep.er = 1 | 6:1: worker.handler.deep: unknown table",
            })
    void shouldCheckTheKeysThatAHandlerReads(String key, String problem) {
        assertEquals(List.of("f:" + problem), ConfigText.problems(WORKER + "type = \"log\"\n" + key));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "size = 7 | 6:1: worker.handler.size: 7 brings bad luck",
                "size = 8 | 4:1: worker.handler.shape: is needed with 8",
                "size = 10 | 6:1: worker.handler.size: must be from 1 to 9, not the number 10",
                "sizes = 1 | 6:1: worker.handler.sizes: unknown key (did you mean size?)",
            })
    void shouldCheckTheKeysThatAClassReads(String key, String problem) {
        assertEquals(List.of("f:" + problem), ConfigText.problems(WORKER + "type = \"" + HERE + "Own\"\n" + key));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "Other | the class \"@Other\" does not implement io.ringtap.frame.FrameHandler",
                "Hidden | the class \"@Hidden\" must be public and not abstract",
                "Half | the class \"@Half\" must be public and not abstract",
                "Greedy | the class \"@Greedy\" needs a public constructor that takes a HandlerSettings, or nothing",
                "None | there is no class \"@None\" on the class path, and no plug-in brings that type",
                "Throwing | \"@Throwing\" cannot be made: java.lang.IllegalStateException: no licence",
                "Broken | \"@Broken\" cannot be made: java.lang.ExceptionInInitializerError",
            })
    void shouldSayWhyAClassIsNoHandler(String name, String problem) {
        String shown = problem.replace("@" + name, Quoted.bare(HERE + name));
        List<String> problems = ConfigText.problems(WORKER + "type = \"" + HERE + name + "\"");
        assertEquals(List.of("f:5:1: worker.handler.type: " + shown), problems);
    }

    @Test
    void shouldSayThatAClassFileIsDamaged() throws Exception {
        withClass("RingtapDamaged", new byte[] {1, 2, 3, 4, 5, 6, 7, 8}, () -> {
            List<String> problems = ConfigText.problems(WORKER + "type = \"RingtapDamaged\"");
            assertEquals(1, problems.size());
            String start = "f:5:1: worker.handler.type: the class \"RingtapDamaged\" cannot be loaded: "
                    + "java.lang.ClassFormatError: ";
            assertEquals(start, problems.getFirst().substring(0, start.length()));
        });
    }

    @Test
    void shouldFindAClassWithoutAPackage() throws Exception {
        withClass("RingtapBare", bareHandler("RingtapBare"), () -> {
            FrameHandler handler = factory("type = \"RingtapBare\"").supplier().get();
            assertEquals("RingtapBare", handler.getClass().getName());
        });
    }

    // Java refuses to compile one into this test: it would need a source file without a package.
    private static byte[] bareHandler(String name) {
        ClassDesc frame = Frame.class.describeConstable().orElseThrow();
        return ClassFile.of()
                .build(
                        ClassDesc.of(name),
                        type -> type.withFlags(ClassFile.ACC_PUBLIC)
                                .withInterfaceSymbols(
                                        FrameHandler.class.describeConstable().orElseThrow())
                                .withMethodBody(
                                        ConstantDescs.INIT_NAME,
                                        ConstantDescs.MTD_void,
                                        ClassFile.ACC_PUBLIC,
                                        code -> code.aload(0)
                                                .invokespecial(
                                                        ConstantDescs.CD_Object,
                                                        ConstantDescs.INIT_NAME,
                                                        ConstantDescs.MTD_void)
                                                .return_())
                                .withMethodBody(
                                        "onFrame",
                                        MethodTypeDesc.of(ConstantDescs.CD_void, frame),
                                        ClassFile.ACC_PUBLIC,
                                        code -> code.return_()));
    }

    private static void withClass(String name, byte[] bytes, Executable test) throws Exception {
        Path folder = Path.of(HandlerReaderTest.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        Path file = folder.resolve(name + ".class");
        Files.write(file, bytes);
        try {
            assertDoesNotThrow(test);
        } finally {
            Files.delete(file);
        }
    }

    @Test
    void shouldNameTheBuiltInsWhereTheTypeIsMissingOrUnknown() {
        assertEquals(
                List.of("f:4:1: worker.handler.type: needs a value: \"count\" or \"log\", or a class such as"
                        + " \"org.example.MyHandler\""),
                ConfigText.problems(WORKER));
        assertEquals(
                List.of("f:5:1: worker.handler.type: must be \"count\" or \"log\", or a class such as"
                        + " \"org.example.MyHandler\", not \"lgo\" (did you mean log?)"),
                ConfigText.problems(WORKER + "type = \"lgo\"\nevery = 1"));
    }

    @Test
    void shouldRefuseABuiltInThatChangesItsMind() throws ConfigException {
        int[] made = {0};
        ConfigReader reader = new ConfigReader((_, _) -> Optional.empty(), Map.of("fickle", settings -> {
            if (++made[0] > 1) {
                settings.problem("type", "not again");
            }
            return new ConfigText.Count();
        }));
        HandlerFactory factory = reader.read(ConfigSource.interfaceOnly("a", "worker.handler.type=fickle"))
                .workers()
                .getFirst()
                .handlers()
                .getFirst();
        assertEquals(1, made[0]);
        assertThrows(IllegalStateException.class, () -> factory.supplier().get());
    }

    private static HandlerFactory factory(String handler) throws ConfigException {
        List<HandlerFactory> handlers =
                ConfigText.read(WORKER + handler).workers().getFirst().handlers();
        assertEquals(1, handlers.size());
        return handlers.getFirst();
    }
}
