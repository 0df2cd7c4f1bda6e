package io.ringtap.daemon.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.ringtap.daemon.DaemonConfig;
import io.ringtap.daemon.config.toml.ConfigException;
import io.ringtap.inject.config.InterfaceLimit;
import io.ringtap.inject.config.Schedule;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** An interface, eth0, that is called uplink, too. */
class InterfaceNamesTest {
    private static final ConfigReader READER = new ConfigReader(
            (_, _) -> Optional.empty(),
            Map.of("count", _ -> _ -> {}),
            _ -> OptionalInt.empty(),
            name -> name.equals("uplink") ? "eth0" : name);

    private static final String STREAM = """
            [[inject]]
            name = "a"
            interface = "uplink"
            frame.destination = "02:00:5e:00:53:02"
            """;
    private static final String LIMIT = "[[interface]]\nmax-rate = \"1 kpps\"\n";

    private static DaemonConfig read(String toml) throws ConfigException {
        return ConfigText.inFile(toml, file -> READER.read(ConfigSource.file(file)));
    }

    private static List<String> problems(String toml) {
        return ConfigText.inFile(
                toml,
                file ->
                        assertThrows(ConfigException.class, () -> READER.read(ConfigSource.file(file)))
                                .problems()
                                .stream()
                                .map(line -> line.replace(file.toString(), "f"))
                                .toList());
    }

    @Test
    void shouldLimitAnInterfaceByAnyOfItsNames() throws Exception {
        assertEquals(
                List.of(new InterfaceLimit("eth0", new Schedule.Rate(1_000))),
                read(LIMIT + "name = \"eth0\"\n" + STREAM + "every = \"1 s\"").limits());
    }

    @Test
    void shouldNotTakeTwoLimitsOfOneInterface() {
        assertEquals(
                List.of(
                        "f:6:1: interface.name: \"uplink\" is another name of \"eth0\", of which a table says what it sends:"
                                + " an interface has one"),
                problems(LIMIT + "name = \"eth0\"\n" + LIMIT + "name = \"uplink\"\n" + STREAM + "every = \"1 s\""));
    }

    @Test
    void shouldCountTheFramesOfTheCaptureOnTheSameInterface() throws Exception {
        String captures = """
                [[capture]]
                interface = "eth0"
                [[capture]]
                interface = "eth1"
                """;
        assertEquals(
                new Schedule.EveryFrames(9, "eth0"),
                read(captures + STREAM + "every-frames = 9")
                        .injects()
                        .getFirst()
                        .schedule());
    }
}
