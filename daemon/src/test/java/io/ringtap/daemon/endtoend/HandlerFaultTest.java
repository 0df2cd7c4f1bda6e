package io.ringtap.daemon.endtoend;

import static io.ringtap.daemon.endtoend.FaultScene.sleeping;
import static io.ringtap.daemon.endtoend.FaultScene.stop;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.testnet.FarSender;
import io.ringtap.testnet.VethPair;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A link or a handler does what it should not: every frame sent is delivered, or lost at a stage that is known. */
@Tag("live")
class HandlerFaultTest {
    @TempDir
    private Path folder;

    private FaultScene scene;

    @BeforeEach
    void open() {
        scene = FaultScene.open(folder);
    }

    @AfterEach
    void close() {
        scene.close();
    }

    @Test
    void shouldGoOnWhenTheLinkHasBeenDown() throws Exception {
        try (RingtapProcess ringtap = scene.run("", "")) {
            scene.far.sendUdp(1_000, 100, 0);
            scene.awaitDelivered(1_000);
            scene.pair.set(VethPair.NEAR, false);
            sendInVain(500);
            scene.pair.set(VethPair.NEAR, true);
            VethPair.await(
                    () -> VethPair.run("ip", "-o", "link", "show", VethPair.FAR).contains("LOWER_UP"));
            scene.far.sendUdp(2_000, 100, 0);
            Books books = stop(ringtap, 0);
            assertEquals(3_000, books.received());
            assertEquals(3_000, books.delivered("w"));
            FaultTable.add("link down, and up again", 3_500, books, "w", "500 by the link, while it was down");
        }
    }

    /** Linux may take such frames, and lose them, or say that there is no buffer space. */
    private void sendInVain(int frames) {
        for (int i = 0; i < frames; i++) {
            try {
                scene.far.sendUdp(1, 100, 0);
            } catch (IllegalStateException e) {
                assertTrue(e.getMessage().contains("No buffer space available"), e::toString);
            }
        }
    }

    @Test
    void shouldGoOnWithAnInterfaceThatWasRemovedAndIsThereAgain() throws Exception {
        try (RingtapProcess ringtap = scene.run("", "")) {
            scene.far.sendUdp(2_000, 100, 0);
            scene.pair.remove();
            scene.awaitState("waiting");
            scene.pair.create();
            scene.awaitState("running");
            try (FarSender again = new FarSender()) {
                again.sendUdp(3_000, 100, 0);
            }
            Books books = stop(ringtap, 0);
            assertEquals(5_000, books.received());
            assertEquals(5_000, books.delivered("w"));
            assertEquals(1, books.gaps());
            FaultTable.add("interface removed, and made anew", 5_000, books, "w", "0 (a gap in the ledger)");
        }
    }

    @Test
    void shouldCountWhatAHandlerThrowsOn() throws Exception {
        try (RingtapProcess ringtap =
                scene.run("", "[[worker.handler]]\ntype = \"" + ThrowingHandler.class.getName() + "\"\n")) {
            scene.far.sendUdp(3_000, 100, 0);
            scene.far.sendUdp(2_000, 102, 0);
            Books books = stop(ringtap, 0);
            assertEquals(5_000, books.received());
            assertEquals(2_000, books.delivered("w"));
            assertEquals(3_000, books.failed("w"));
            FaultTable.add("handler throws", 5_000, books, "w", "3,000 failed in worker w");
        }
    }

    @Test
    void shouldLoseNothingWhenAHandlerStalls() throws Exception {
        try (RingtapProcess ringtap = scene.run("", sleeping("800 ms"))) {
            scene.far.sendUdp(1, 101, 0);
            scene.far.sendUdp(20_000, 200, 40_000);
            Books books = stop(ringtap, 0);
            assertEquals(20_001, books.received());
            assertEquals(20_001, books.delivered("w"));
            assertEquals(0, books.lost());
            FaultTable.add("handler stalls for 0.8 s", 20_001, books, "w", "0");
        }
    }

    @Test
    void shouldKeepAHandlerThatBlocksForEverFromHarmingOthers() throws Exception {
        String blocked = "[[worker]]\nname = \"blocked\"\ndelivery = \"detach\"\nqueue = \"1 MiB\"\n";
        try (RingtapProcess ringtap = scene.run("", blocked + sleeping("1 h") + "[daemon]\nstop-timeout = \"1 s\"\n")) {
            scene.far.sendUdp(1, 101, 0);
            scene.far.sendUdp(9_999, 100, 50_000);
            scene.awaitDelivered(10_000);
            Books books = stop(ringtap, 1);
            assertEquals(10_000, books.received());
            assertEquals(10_000, books.delivered("w"));
            assertEquals(10_000, books.delivered("blocked") + books.shed("blocked") + books.inFlight());
            FaultTable.add("handler blocks for ever: others", 10_000, books, "w", "0");
            String lost =
                    "%,d shed by its worker, %,d left before it".formatted(books.shed("blocked"), books.inFlight());
            FaultTable.add("handler blocks for ever: its own", 10_000, books, "blocked", lost);
        }
    }

    @Test
    void shouldCountEveryFrameThatAFullRingHadNoRoomFor() throws Exception {
        Path wake = folder.resolve("wake");
        String asleep = sleeping("1 h") + "until = \"" + wake + "\"\n";
        try (RingtapProcess ringtap = scene.run("buffer = \"1 MiB\"", asleep)) {
            scene.far.sendUdp(1, 101, 0);
            scene.far.sendUdp(60_000, 1_000, 0);
            Files.createFile(wake);
            Books books = stop(ringtap, 0);
            assertEquals(60_001, books.received(), "a frame that the kernel dropped is received, too");
            // 4,096 slots of the ring, and what four blocks of 256 KiB hold: no more was there to be handled
            assertTrue(books.kernelDropped() > 54_000, books.toString());
            assertEquals(60_001, books.delivered("w") + books.kernelDropped());
            assertEquals(books.kernelDropped(), books.lost());
            FaultTable.add("ring full", 60_001, books, "w", "%,d in the kernel ring".formatted(books.kernelDropped()));
        }
    }
}
