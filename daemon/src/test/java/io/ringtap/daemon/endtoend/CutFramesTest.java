package io.ringtap.daemon.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringtap.testnet.FarSender;
import io.ringtap.testnet.VethPair;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Frames longer than the kernel ring has room for: the daemon says so, and counts them. */
@Tag("live")
class CutFramesTest {
    @TempDir
    private Path folder;

    private VethPair pair;
    private FarSender far;

    @BeforeEach
    void open() {
        pair = VethPair.open();
        far = new FarSender();
    }

    @AfterEach
    void close() {
        far.close();
        pair.close();
    }

    /** A slot of a low-latency ring has room for what the MTU allowed when it was made. */
    @Test
    void shouldWarnWhenTheMtuRisesAboveTheSlotsAndCountWhatIsCut() {
        try (RingtapProcess ringtap = RingtapProcess.start(
                        "run",
                        "-irt0",
                        "--set",
                        "control.socket=" + folder.resolve("c.sock"),
                        "--set",
                        "capture.mode=low-latency",
                        "--set",
                        "capture.filter=udp")
                .awaitReady()) {
            VethPair.run("ip", "link", "set", "rt1", "mtu", "9000");
            VethPair.run("ip", "link", "set", "rt0", "mtu", "9000");
            ringtap.awaitErrorLine("capture rt0: the MTU of rt0, 9000, allows frames of 9,014 bytes");
            far.sendUdp(2, 9_014, 0);
            far.sendUdp(3, 1_514, 0);
            ringtap.signal("TERM");
            assertEquals(0, ringtap.exitCode(), ringtap.toString());
            assertEquals(
                    "capture=rt0 interface=rt0 received=5 kernel_dropped=0 published=5 cut=2",
                    ringtap.ledger().getFirst());
        }
    }
}
