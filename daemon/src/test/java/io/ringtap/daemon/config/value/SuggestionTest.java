package io.ringtap.daemon.config.value;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SuggestionTest {
    private static final List<String> KNOWN = List.of("buffer", "interface", "every", "every-frames", "mode", "file");

    @ParameterizedTest
    @CsvSource({
        "bufer, buffer",
        "bufffer, buffer",
        "Buffer, buffer",
        "buffre, buffer",
        "intreface, interface",
        "every_frames, every-frames",
        "evry, every",
        "modes, mode",
        "fil, file",
        "interf, interface"
    })
    void shouldFindWhatWasProbablyMeant(String given, String meant) {
        assertEquals(Optional.of(meant), Suggestion.of(given, KNOWN));
    }

    @ParameterizedTest
    @CsvSource({"x", "payload", "zzzz", "direction", "''"})
    void shouldKeepQuietAboutWhatIsTooFarOff(String given) {
        assertEquals(Optional.empty(), Suggestion.of(given, KNOWN));
    }

    @ParameterizedTest
    @CsvSource({"'', abc, 3", "abc, '', 3", "abc, abc, 0", "abc, acb, 1", "abc, abd, 1", "abc, ab, 1", "abcd, badc, 2"})
    void shouldCountSlips(String left, String right, int slips) {
        assertEquals(slips, Suggestion.distance(left, right));
    }

    @Test
    void shouldNotTryWordsOfAMillionLetters() {
        assertEquals(Optional.empty(), Suggestion.of("a".repeat(1_000_000), List.of("a".repeat(1_000_001))));
    }
}
