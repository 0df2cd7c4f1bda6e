package io.ringtap.daemon.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.ringtap.daemon.DaemonConfig;
import io.ringtap.daemon.config.toml.ConfigException;
import io.ringtap.handler.BuiltInHandlers;
import io.ringtap.inject.config.InjectConfig.Start;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Handlers that name streams, and the keys of streams that go with it. */
class ReferredNamesTest {
    private static final String WATCH = """
            [[capture]]
            interface = "a"
            [[worker]]
            [[worker.handler]]
            type = "watch"
            frames = 3
            stream = "alarm"
            """;
    private static final String STREAM = """
            [[inject]]
            name = "%s"
            interface = "a"
            every = "1 s"
            start = "%s"
            [inject.frame]
            destination = "aa:bb:cc:dd:ee:ff"
            """;

    @TempDir
    private Path folder;

    @Test
    void shouldTakeTheNameOfAStreamThatIsConfiguredFurtherDown() throws Exception {
        DaemonConfig config = read(WATCH + STREAM.formatted("other", "auto") + STREAM.formatted("alarm", "manual"));
        assertEquals(Start.AUTO, config.injects().getFirst().start());
        assertEquals(Start.MANUAL, config.injects().getLast().start());
        assertNotNull(
                config.workers().getFirst().handlers().getFirst().supplier().get());
    }

    @Test
    void shouldReportANameThatNoStreamHasAtItsPlace() throws Exception {
        assertEquals(
                List.of("f:7:1: worker.handler.stream: there is no stream \"alarm\": there is no [[inject]]"),
                problems(WATCH));
        assertEquals(
                List.of("f:7:1: worker.handler.stream: there is no stream \"alarm\" (did you mean alarms?)"),
                problems(WATCH + STREAM.formatted("alarms", "auto")));
        assertEquals(
                List.of("f:7:1: worker.handler.stream: there is no stream \"alarm\": there is beacon, mark"),
                problems(WATCH + STREAM.formatted("beacon", "auto") + STREAM.formatted("mark", "auto")));
    }

    @Test
    void shouldNotReportAStreamAsMissingThatHasProblemsOfItsOwn() throws Exception {
        assertEquals(
                List.of("f:12:1: inject.start: must be \"auto\" or \"manual\", not \"manul\" (did you mean manual?)"),
                problems(WATCH + STREAM.formatted("alarm", "manul")));
    }

    @Test
    void shouldTakeTheNameOfAFlightRecorderThatIsConfiguredFurtherDownAndReportOneThatIsNot() throws Exception {
        String watch = WATCH.replace("stream = \"alarm\"", "record = \"incident\"");
        String recorder = "[[worker]]\nname = \"keep\"\n[[worker.handler]]\ntype = \"flight-recorder\"\n";
        assertEquals(List.of(), problems(watch + recorder + "name = \"incident\"\n"));
        assertEquals(
                List.of(
                        "f:7:1: worker.handler.record: there is no flight recorder \"incident\": there is flight-recorder"),
                problems(watch + recorder));
        assertEquals(
                List.of(
                        "f:7:1: worker.handler.record: there is no flight recorder \"incident\": there is no handler of type"
                                + " \"flight-recorder\""),
                problems(watch));
    }

    @Test
    void shouldReportAGroupThatIsNotThere() throws Exception {
        String control = "[[capture]]\ninterface = \"a\"\n[control]\nadmin-group = \"%s\"\n";
        assertEquals(
                List.of("f:4:1: control.admin-group: there is no group \"no-such-group\" on this machine"),
                problems(control.formatted("no-such-group")));
        assertEquals(Optional.of("adm"), read(control.formatted("adm")).adminGroup());
        assertEquals(Optional.empty(), read(control.formatted("")).adminGroup());
    }

    private DaemonConfig read(String toml) throws Exception {
        Path file = folder.resolve("f");
        Files.writeString(file, toml);
        return new ConfigReader((_, _) -> Optional.empty(), BuiltInHandlers.BY_TYPE).read(ConfigSource.file(file));
    }

    private List<String> problems(String toml) throws Exception {
        try {
            read(toml);
            return List.of();
        } catch (ConfigException e) {
            return e.problems().stream()
                    .map(problem -> problem.replace(folder + "/", ""))
                    .toList();
        }
    }
}
