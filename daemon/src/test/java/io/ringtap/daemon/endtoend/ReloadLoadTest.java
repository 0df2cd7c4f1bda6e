package io.ringtap.daemon.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.testnet.FarSender;
import io.ringtap.testnet.VethPair;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Fifty reloads, each of which restarts something else, while a capture that none of them changes has frames all the time. */
@Tag("live")
@Timeout(120)
class ReloadLoadTest {
    private static final int RELOADS = 50;
    private static final double RATE = 350_000;

    /** The kernel ring outlasts any pause that a machine with other work makes. */
    private static final String CONFIG = """
            [[capture]]
            name = "uplink"
            interface = "rt0"
            buffer = "256 MiB"
            [[capture]]
            name = "inner"
            interface = "lo"
            buffer = "BUFFER MiB"
            [[worker]]
            name = "analysis"
            [[worker.handler]]
            type = "count"
            [[worker]]
            name = "apart"
            delivery = "detach"
            queue = "64 MiB"
            captures = ["uplink"]
            [[worker.handler]]
            type = "count"
            [[inject]]
            name = "beacon"
            interface = "lo"
            every = "EVERY ms"
            [inject.frame]
            destination = "ff:ff:ff:ff:ff:ff"
            """;

    @TempDir
    private Path folder;

    private VethPair pair;

    @BeforeEach
    void open() {
        pair = VethPair.open();
    }

    @AfterEach
    void close() {
        pair.close();
    }

    private static String config(int reload) {
        return CONFIG.replace("BUFFER", "" + (16 + reload % 2)).replace("EVERY", "" + (5 + reload % 3));
    }

    @Test
    void shouldLoseNothingOfACaptureThatIsUnchanged() throws Exception {
        try (FarSender far = new FarSender();
                RunningDaemon daemon = RunningDaemon.start(folder, config(0))) {
            AtomicLong sent = new AtomicLong();
            AtomicBoolean over = new AtomicBoolean();
            Thread sending = Thread.ofPlatform().start(() -> {
                while (!over.get()) {
                    far.sendUdp(10_000, 200, RATE);
                    sent.addAndGet(10_000);
                }
            });
            long start = System.nanoTime();
            for (int reload = 1; reload <= RELOADS; reload++) {
                assertEquals("capture inner is restarted; stream beacon is restarted", daemon.reload(config(reload)));
            }
            over.set(true);
            sending.join();
            long frames = sent.get();
            double seconds = (System.nanoTime() - start) / 1e9;
            daemon.await("workers", "apart", "delivered", frames);
            System.out.printf(
                    "%d reloads in %.1f s, %,d frames, %,.0f a second%n", RELOADS, seconds, frames, frames / seconds);
            List<String> ledger = daemon.ledger();
            String counts = "received=" + frames + " kernel_dropped=0 published=" + frames;
            assertEquals("capture=uplink interface=rt0 " + counts, ledger.getFirst());
            assertTrue(
                    ledger.contains("worker=analysis capture=uplink delivered=" + frames + " failed=0 shed=0"),
                    ledger.toString());
            assertTrue(
                    ledger.contains(
                            "worker=apart capture=uplink delivered=" + frames + " failed=0 shed=0 shed_share=0.0000"),
                    ledger.toString());
            assertEquals("ledger lost=0 unaccounted=0", ledger.getLast());
        }
    }
}
