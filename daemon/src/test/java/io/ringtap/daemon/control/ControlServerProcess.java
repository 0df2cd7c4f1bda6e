package io.ringtap.daemon.control;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A process with nothing in it but a control server, and few file descriptors. */
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
        try (ControlServer _ = ControlServer.open(Path.of(args[0]), Map.of())) {
            new ControlClient(Path.of(args[0])).call("ping"); // so that every class is loaded and its jar open
            List<InputStream> held = new ArrayList<>();
            while (descriptors() < Integer.parseInt(args[1])) {
                held.add(Files.newInputStream(Path.of("/dev/null")));
            }
            System.out.print("r");
            System.out.flush();
            Thread.sleep(60_000);
            for (InputStream stream : held) {
                stream.close();
            }
        }
    }

    private static int descriptors() {
        return Objects.requireNonNull(new File("/proc/self/fd").list()).length - 1; // but the one that this opens
    }
}
