package io.ringtap.daemon.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.ringtap.daemon.control.ControlClient;
import io.ringtap.daemon.control.ControlException;
import io.ringtap.testnet.VethPair;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** {@code ringtap run} on a configuration that the test writes anew, with its control socket. */
final class RunningDaemon implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Path file;
    private final Path socket;
    private final RingtapProcess process;

    private RunningDaemon(Path folder, String toml, String... options) {
        file = folder.resolve("ringtap.toml");
        socket = folder.resolve("control.sock");
        configure(toml);
        String[] arguments = new String[options.length + 3];
        arguments[0] = "run";
        arguments[1] = "--config";
        arguments[2] = file.toString();
        System.arraycopy(options, 0, arguments, 3, options.length);
        process = RingtapProcess.start(arguments).awaitReady();
    }

    static RunningDaemon start(Path folder, String toml, String... options) {
        return new RunningDaemon(folder, toml, options);
    }

    /** Writes the configuration, which is taken with the next reload; the socket's table is added. */
    void configure(String toml) {
        try {
            Path written = file.resolveSibling("ringtap.toml.new");
            Files.writeString(written, toml + "[control]\nsocket = \"" + socket + "\"\n");
            Files.move(written, file, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Takes a configuration; what was said of it. */
    String reload(String toml) throws ControlException {
        configure(toml);
        return reload();
    }

    String reload() throws ControlException {
        return call("reload").get("text").getAsString();
    }

    JsonObject call(String name) throws ControlException {
        return new ControlClient(socket, PATIENCE).call(name).getAsJsonObject();
    }

    /** The entry of a name in a list of stats. */
    JsonObject stats(String list, String name) {
        try {
            for (JsonElement each : call("stats").getAsJsonArray(list)) {
                if (each.getAsJsonObject().get("name").getAsString().equals(name)) {
                    return each.getAsJsonObject();
                }
            }
            throw new AssertionError("no " + name + " in " + list);
        } catch (ControlException e) {
            throw new AssertionError(e.getMessage(), e);
        }
    }

    long count(String list, String name, String field) {
        return stats(list, name).get(field).getAsLong();
    }

    /** Waits until a count is there. */
    void await(String list, String name, String field, long count) {
        try {
            VethPair.await(() -> count(list, name, field) == count);
        } catch (IllegalStateException e) {
            throw new AssertionError(field + " of " + name + ": " + count(list, name, field) + ", not " + count, e);
        }
    }

    RingtapProcess process() {
        return process;
    }

    Path file() {
        return file;
    }

    Path socket() {
        return socket;
    }

    /** Ends it, which must succeed, and gives its ledger. */
    List<String> ledger() {
        process.signal("TERM");
        assertEquals(0, process.exitCode(), process.toString());
        return process.ledger();
    }

    @Override
    public void close() {
        process.close();
    }
}
