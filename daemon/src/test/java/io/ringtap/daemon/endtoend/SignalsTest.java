package io.ringtap.daemon.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.capturefile.RecordedFolder;
import io.ringtap.testnet.FarSender;
import io.ringtap.testnet.VethPair;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever signal comes, the daemon goes on or ends in order: with its ledger, and its files under their names. */
@Tag("live")
class SignalsTest {
    /** Most would end a process that does not handle them; the last two are for real-time use. */
    private static final List<String> NOT_OF_AN_END = List.of(
            "USR2", "ALRM", "STKFLT", "VTALRM", "PROF", "IO", "PIPE", "XFSZ", "CHLD", "CONT", "URG", "WINCH", "34",
            "64");

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

    private RingtapProcess start() throws Exception {
        Path config = Files.writeString(folder.resolve("ringtap.toml"), """
                [[capture]]
                interface = "rt0"
                filter = "udp"
                [[worker]]
                [[worker.handler]]
                type = "record"
                folder = "FOLDER/recordings"
                [control]
                socket = "FOLDER/c.sock"
                """.replace("FOLDER", folder.toString()));
        return RingtapProcess.start("run", "--config", config.toString()).awaitReady();
    }

    private void assertEndsInOrder(RingtapProcess ringtap, String signal) throws Exception {
        far.sendUdp(10, 300, 0);
        ringtap.signal(signal);
        assertEquals(0, ringtap.exitCode(), ringtap.toString());
        assertEquals("ledger lost=0 unaccounted=0", ringtap.ledger().getLast(), ringtap.toString());
        assertEquals(List.of(10L), new RecordedFolder(folder.resolve("recordings")).counts());
    }

    @Test
    void shouldGoOnAtASignalThatIsForSomethingElse() throws Exception {
        try (RingtapProcess ringtap = start()) {
            NOT_OF_AN_END.forEach(ringtap::signal);
            assertEndsInOrder(ringtap, "TERM");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"INT", "XCPU", "PWR"})
    void shouldEndInOrderAtASignalOfAnEnd(String signal) throws Exception {
        try (RingtapProcess ringtap = start()) {
            assertEndsInOrder(ringtap, signal);
        }
    }

    @Test
    void shouldPrintItsStatisticsAtUsr1() throws Exception {
        try (RingtapProcess ringtap = start()) {
            ringtap.signal("USR1");
            ringtap.awaitErrorLine("running on rt0");
            ringtap.awaitErrorLine("lost 0");
            assertTrue(ringtap.ledger().isEmpty(), ringtap.toString());
            assertEndsInOrder(ringtap, "TERM");
        }
    }
}
