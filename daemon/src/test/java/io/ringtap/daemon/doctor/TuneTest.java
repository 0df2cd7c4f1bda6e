package io.ringtap.daemon.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.capture.pcap.LinkSettings;
import io.ringtap.testnet.VethFixture;
import io.ringtap.testnet.VethPair;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** On an interface of a name that no other test's has: what there was before is kept by name. */
@Tag("live")
class TuneTest extends VethFixture {
    private static final Tune TUNE =
            new Tune(Path.of("..", "systemd", "tune").toAbsolutePath().normalize());

    private static boolean isOn(String interfaceName, String feature) {
        return LinkSettings.of(interfaceName).orElseThrow().isOn(feature);
    }

    @Test
    void shouldSetAnInterfaceUpAndSayHowThatIsUndone() throws Exception {
        String name = "dt" + ProcessHandle.current().pid();
        VethPair.run("ip", "link", "add", name, "type", "veth");
        VethPair.run("ethtool", "-K", name, "gro", "on", "tso", "off");
        Tune.Result result = TUNE.apply(name);
        try {
            assertTrue(result.done(), result.toString());
            assertEquals(List.of(name + ": gro off", name + ": gso off"), result.lines());
            assertFalse(isOn(name, "rx-gro"));
        } finally {
            VethPair.run("sh", "-c", TUNE.undo(name));
        }
        assertFalse(Files.exists(Path.of("/run/ringtap-tune", name)));
        assertTrue(isOn(name, "rx-gro"));
        assertFalse(isOn(name, "tx-tcp-segmentation"));
    }

    @Test
    void shouldTellWhatCouldNotBeDone() throws Exception {
        Tune.Result result = TUNE.apply("nosuch0");
        assertFalse(result.done());
        assertEquals(List.of("nosuch0: no such interface, or not ours to ask: see ip link"), result.lines());
    }
}
