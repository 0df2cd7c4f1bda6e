package io.ringtap.daemon.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.capturefile.FrameBytes;
import io.ringtap.capturefile.PcapWriter;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A file of frames that two mirror ports copied, the second port with a VLAN tag. */
class DeduplicateTest {
    private static final int FRAMES = 5_000;
    private static final long MICROSECOND = 1_000;

    @TempDir
    private Path folder;

    private Path file() throws Exception {
        PcapWriter file = new PcapWriter(ByteOrder.LITTLE_ENDIAN, true);
        long time = 1_700_000_000_000_000_000L;
        for (int n = 0; n < FRAMES; n++) {
            file.frame(time += MICROSECOND, frame(n, false));
            if (n % 5 != 0) {
                file.frame(time += MICROSECOND, frame(n, true));
            }
        }
        return Files.write(folder.resolve("mirrored.pcap"), file.bytes());
    }

    private static byte[] frame(int n, boolean tagged) {
        FrameBytes frame = new FrameBytes(2, 1);
        if (tagged) {
            frame.tag(0x8100, 100);
        }
        return frame.type(FrameBytes.IPV4)
                .ipv4(0x0a00_0001, 0x0a00_0002, FrameBytes.UDP, 0, 0, 40)
                .ports(1_000 + n % 50, 53)
                .u16(40)
                .u16(0)
                .u32(n)
                .fill(28)
                .bytes();
    }

    private String ledger(String worker) throws Exception {
        Path config = Files.writeString(
                folder.resolve("ringtap.toml"), """
                [control]
                socket = "%s"
                [[capture]]
                file = "%s"
                [[worker]]
                name = "once"
                %s
                [[worker.handler]]
                type = "count"
                [[worker]]
                name = "all"
                [[worker.handler]]
                type = "count"
                """.formatted(folder.resolve("c.sock"), file(), worker));
        try (RingtapProcess ringtap = RingtapProcess.start("run", "--config", config.toString())) {
            assertEquals(0, ringtap.exitCode(), ringtap.toString());
            return String.join("\n", ringtap.ledger());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "threads = 2", "delivery = \"in-place\"", "delivery = \"detach\"\nqueue = \"16 MiB\""})
    void shouldHandleEachFrameOnceAndCountTheRest(String delivery) throws Exception {
        String ledger = ledger("deduplicate = \"50 ms\"\n" + delivery);
        assertTrue(ledger.contains("worker=once capture=mirrored.pcap delivered=5000 failed=0 shed=0"), ledger);
        assertTrue(ledger.contains(" duplicate=4000"), ledger);
        assertTrue(ledger.contains("worker=all capture=mirrored.pcap delivered=9000 failed=0 shed=0"), ledger);
        assertTrue(ledger.contains("ledger lost=0 unaccounted=0"), ledger);
    }

    @Test
    void shouldPassWhatIsFartherApart() throws Exception {
        String ledger = ledger("deduplicate = \"0.0005 ms\"");
        assertTrue(ledger.contains("worker=once capture=mirrored.pcap delivered=9000 failed=0 shed=0"), ledger);
    }
}
