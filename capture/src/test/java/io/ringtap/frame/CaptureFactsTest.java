package io.ringtap.frame;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CaptureFactsTest {
    private static CaptureFacts filtered(String filter) {
        return new CaptureFacts("uplink", "ens192", 200, filter, 2, () -> null);
    }

    @ParameterizedTest
    @CsvSource({"'', '', ''", "udp, ' ', udp", "'', port 53, port 53", "udp or tcp, port 53, (udp or tcp) and (port 53)"
    })
    void shouldNameEveryFilterThatFramesHavePassed(String capture, String own, String both) {
        assertEquals(both, filtered(capture).passing(own).filter());
    }

    @Test
    void shouldKeepTheRest() {
        CaptureFacts facts = filtered("udp").passing("port 53");
        assertEquals(
                "uplink ens192 200 2",
                facts.name() + " " + facts.interfaceName() + " " + facts.snaplenBytes() + " " + facts.threads());
    }
}
