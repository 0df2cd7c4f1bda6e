package io.ringtap.daemon.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonObject;
import io.ringtap.daemon.control.ControlClient;
import io.ringtap.daemon.control.ControlException;
import io.ringtap.testnet.FarSender;
import io.ringtap.testnet.VethPair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A veth pair, a sender on its far end, and daemons that capture on the near one with a worker {@code w} that counts. */
final class FaultScene implements AutoCloseable {
    final VethPair pair;
    final FarSender far;
    private final Path folder;

    private FaultScene(Path folder) {
        this.folder = folder;
        pair = VethPair.open();
        far = new FarSender();
    }

    static FaultScene open(Path folder) {
        return new FaultScene(folder);
    }

    Path socket() {
        return folder.resolve("control.sock");
    }

    /** Writes a configuration with what a case adds to the capture, and behind the worker. */
    Path config(String capture, String more) throws IOException {
        String text = """
                [[capture]]
                interface = "rt0"
                %s
                [[worker]]
                name = "w"
                [[worker.handler]]
                type = "count"
                %s
                [control]
                socket = "%s"
                """.formatted(capture, more, socket());
        // A busy machine may take long to drain: that is no fault of what is drained.
        String patience = more.contains("[daemon]") ? "" : "[daemon]\nstop-timeout = \"2 min\"\n";
        return Files.writeString(folder.resolve("ringtap.toml"), text + patience);
    }

    RingtapProcess run(String capture, String more) throws IOException {
        return RingtapProcess.start("run", "--config", config(capture, more).toString())
                .awaitReady();
    }

    /** A handler that sleeps on frames of 101 bytes, for the last worker so far. */
    static String sleeping(String sleep) {
        return """
                [[worker.handler]]
                type = "%s"
                length = 101
                sleep = "%s"
                """.formatted(SleepingHandler.class.getName(), sleep);
    }

    JsonObject stats() {
        try {
            return new ControlClient(socket(), VethPair.HANG).call("stats").getAsJsonObject();
        } catch (ControlException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whether the daemon answers. */
    boolean answers() {
        try {
            return new ControlClient(socket()).call("ping").isJsonObject();
        } catch (ControlException e) {
            return false;
        }
    }

    /** Waits until worker w has handled so many frames. */
    void awaitDelivered(long frames) {
        VethPair.await(() -> delivered() == frames);
    }

    /** Frames that worker w has handled so far. */
    long delivered() {
        JsonObject worker = stats().getAsJsonArray("workers").get(0).getAsJsonObject();
        return worker.get("delivered").getAsLong();
    }

    /** Waits until the capture is in a state. */
    void awaitState(String state) {
        VethPair.await(() -> stats().getAsJsonArray("captures")
                .get(0)
                .getAsJsonObject()
                .get("state")
                .getAsString()
                .equals(state));
    }

    /** Stops a daemon, and gives its books, which must balance. */
    static Books stop(RingtapProcess ringtap, int exitCode) {
        ringtap.signal("TERM");
        assertEquals(exitCode, ringtap.exitCode(), ringtap.toString());
        Books books = Books.of(ringtap);
        assertEquals(0, books.unaccounted(), ringtap.toString());
        assertEquals(books.received(), books.kernelDropped() + books.published(), ringtap.toString());
        return books;
    }

    @Override
    public void close() {
        far.close();
        pair.close();
    }
}
