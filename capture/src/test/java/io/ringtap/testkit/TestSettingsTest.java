package io.ringtap.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.ringtap.frame.FrameHandler;
import io.ringtap.frame.HandlerSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TestSettingsTest {
    private enum Shape {
        ROUND,
        NOT_SO_ROUND
    }

    private static String all(HandlerSettings settings) {
        return String.join(
                " ",
                settings.text("text", "t"),
                "" + settings.number("number", 5, 1, 9),
                "" + settings.decimal("decimal", 0.5, 0, 1),
                "" + settings.flag("flag", true),
                settings.duration("pause", Duration.ofMillis(10)).toString(),
                "" + settings.bytes("limit", 64),
                settings.texts("names").toString(),
                settings.choice("shape", Shape.ROUND).toString(),
                settings.path("file").map(Path::toString).orElse("none"));
    }

    @Test
    void shouldGiveDefaultsWhereNothingIsSet() {
        String defaults = "t 5 0.5 true PT0.01S 64 [] ROUND none";
        assertEquals(defaults, all(TestSettings.of()));
        assertEquals(defaults, all(HandlerSettings.none()));
    }

    @Test
    void shouldGiveWhatIsSet() {
        TestSettings settings = TestSettings.of(
                "text",
                "x",
                "number",
                9,
                "decimal",
                1,
                "flag",
                false,
                "pause",
                Duration.ofSeconds(1),
                "limit",
                1L << 40);
        assertEquals("x 9 1.0 false PT1S 1099511627776 [] ROUND none", all(settings));
        assertEquals(List.of(), settings.problems());
        settings =
                TestSettings.of("names", List.of("a", "b"), "shape", "not-so-round", "file", "/tmp/x", "decimal", 0.25);
        assertEquals("t 5 0.25 true PT0.01S 64 [a, b] NOT_SO_ROUND /tmp/x", all(settings));
        assertEquals(List.of(), settings.problems());
    }

    @Test
    void shouldTellWhatTheDaemonWouldRefuse() {
        TestSettings settings = TestSettings.of(
                "text",
                1,
                "number",
                10,
                "decimal",
                Double.NaN,
                "flag",
                "yes",
                "pause",
                "10 ms",
                "limit",
                -1,
                "names",
                "a",
                "shape",
                "square",
                "file",
                "a\0b",
                "other",
                1);
        assertEquals("t 5 0.5 true PT0.01S 64 [] ROUND none", all(settings));
        assertEquals(
                List.of(
                        "text: must be a text, not 1",
                        "number: must be from 1 to 9",
                        "decimal: must be from 0.0 to 1.0",
                        "flag: must be true or false, not yes",
                        "pause: must be a Duration, not 10 ms",
                        "limit: must be from 0 to 9223372036854775807",
                        "names: must be a list of texts, not a",
                        "shape: must be \"round\" or \"not-so-round\", not square",
                        "file: Nul character not allowed: a\0b",
                        "other: unknown key"),
                settings.problems());
    }

    @Test
    void shouldMakeNoHandlerOfSettingsThatAreRefused() {
        FrameHandler nothing = frame -> {};
        assertEquals(nothing, TestSettings.of().make(s -> nothing));
        TestSettings settings = TestSettings.of("size", 1);
        IllegalArgumentException thrown = assertThrows(
                IllegalArgumentException.class,
                () -> settings.make(s -> {
                    s.problem("name", "is needed");
                    return nothing;
                }));
        assertEquals("name: is needed\nsize: unknown key", thrown.getMessage());
        assertEquals(Optional.empty(), TestSettings.of().path("x"));
    }
}
