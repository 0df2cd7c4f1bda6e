package io.ringtap.daemon.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.testnet.SenderFixture;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fifty reloads, each of which restarts something else, while frames come on a capture that none of them changes. */
@Tag("live")
class ReloadLoadTest extends SenderFixture {
    private static final int RELOADS = 50;
    private static final double RATE = 10_000;
    private static final int SLICE = 1_000;

    /** The kernel ring holds 900,000 frames, a minute and a half of them: no machine is too busy for it. */
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

    /** No two that follow one another are alike. */
    private static String config(int reload) {
        return CONFIG.replace("BUFFER", "" + (16 + reload % 2)).replace("EVERY", "" + (5 + reload % 3));
    }

    @Test
    void shouldLoseNothingOfACaptureThatIsUnchanged() throws Exception {
        // Takes some seconds: fifty reloads, each of which stops and starts a capture and a stream.
        AtomicBoolean over = new AtomicBoolean();
        AtomicLong sent = new AtomicLong();
        try (RunningDaemon daemon = RunningDaemon.start(folder, config(0))) {
            Thread sending = Thread.ofPlatform().start(() -> {
                while (!over.get()) {
                    far.sendUdp(SLICE, 200, RATE);
                    sent.addAndGet(SLICE);
                }
            });
            for (int reload = 1; reload <= RELOADS; reload++) {
                assertEquals("capture inner is restarted; stream beacon is restarted", daemon.reload(config(reload)));
            }
            over.set(true);
            sending.join();
            long frames = sent.get();
            daemon.await("workers", "apart", "delivered", frames);
            List<String> ledger = daemon.ledger();
            String counts = "received=" + frames + " kernel_dropped=0 published=" + frames;
            assertEquals("capture=uplink interface=rt0 " + counts, ledger.getFirst());
            String delivered = " capture=uplink delivered=" + frames + " failed=0 shed=0";
            assertTrue(ledger.contains("worker=analysis" + delivered), ledger.toString());
            assertTrue(ledger.contains("worker=apart" + delivered + " shed_share=0.0000"), ledger.toString());
            assertEquals("ledger lost=0 unaccounted=0", ledger.getLast());
        }
    }
}
