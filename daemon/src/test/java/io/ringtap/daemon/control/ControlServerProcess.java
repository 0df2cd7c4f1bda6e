package io.ringtap.daemon.control;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** A process with nothing in it but a control server, and few file descriptors. */
final class ControlServerProcess {
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
                        socket.toString())
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
            System.out.print("r");
            System.out.flush();
            Thread.sleep(60_000);
        }
    }
}
