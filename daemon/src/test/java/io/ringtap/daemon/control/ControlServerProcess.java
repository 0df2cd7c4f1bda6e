package io.ringtap.daemon.control;

import com.google.gson.JsonPrimitive;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

/** A process with nothing in it but a control server that tells its turns, and few file descriptors. */
final class ControlServerProcess {
    /** Left for clients, however many the class path's jars take. */
    private static final int SPARE = 10;

    private ControlServerProcess() {}

    static Process start(Path socket, int descriptors) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process process = new ProcessBuilder(
                        "bash",
                        "-c",
                        "ulimit -n " + descriptors + "; exec \"$@\"",
                        "bash",
                        java,
                        "-Xshare:auto",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ControlServerProcess.class.getName(),
                        socket.toString(),
                        Integer.toString(descriptors - SPARE))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        if (process.getInputStream().read() != 'r') {
            process.destroyForcibly();
            throw new IllegalStateException("the process did not start");
        }
        return process;
    }

    public static void main(String[] args) throws Exception {
        AtomicReference<ControlServer> opened = new AtomicReference<>();
        try (ControlServer server = ControlServer.open(
                Path.of(args[0]),
                Map.of("turns", _ -> new JsonPrimitive(opened.get().progress().position())))) {
            opened.set(server);
            ControlServerFixture.client(Path.of(args[0]))
                    .call("ping"); // so that every class is loaded and its jar open
            List<InputStream> held = new ArrayList<>();
            while (descriptors() < Integer.parseInt(args[1])) {
                held.add(Files.newInputStream(Path.of("/dev/null")));
            }
            System.out.print("r");
            System.out.flush();
            while (System.in.read() >= 0) {
                // until whoever started it has gone
            }
            for (InputStream stream : held) {
                stream.close();
            }
        }
    }

    private static int descriptors() {
        return Objects.requireNonNull(new File("/proc/self/fd").list()).length - 1; // but the one that this opens
    }
}
