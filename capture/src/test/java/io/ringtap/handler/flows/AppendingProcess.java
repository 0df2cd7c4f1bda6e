package io.ringtap.handler.flows;

import io.ringtap.frame.FileMode;
import io.ringtap.frame.HandlerSettings;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A process that appends bursts of numbered lines to a file, to the last or until it is killed. */
final class AppendingProcess {
    private static final int BURST = 200;

    /** So that a burst is several pages long. */
    private static final String FILLING = "x".repeat(200);

    private AppendingProcess() {}

    /** Starts it, after a command that may change its limits. */
    static Process start(Path file, String name, int bursts, String... before) throws IOException {
        List<String> command = new ArrayList<>(List.of(before));
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                AppendingProcess.class.getName(),
                file.toString(),
                name,
                Integer.toString(bursts)));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    @SuppressWarnings("SystemOut")
    public static void main(String[] arguments) {
        System.out.println("appending");
        try {
            append(Path.of(arguments[0]), arguments[1], Integer.parseInt(arguments[2]));
        } catch (IOException e) {
            System.out.println(e.getMessage());
        }
    }

    /** As captures do that come one after the other: each burst is the first of a file that is opened anew. */
    static void append(Path file, String name, int bursts) throws IOException {
        for (int burst = 0; burst < bursts; burst++) {
            StringBuilder lines = new StringBuilder();
            for (int line = 0; line < BURST; line++) {
                lines.append(line(name, burst * BURST + line)).append('\n');
            }
            ByteBuffer bytes = ByteBuffer.wrap(lines.toString().getBytes(StandardCharsets.UTF_8));
            try {
                new FlowFile(file, FileMode.read(HandlerSettings.none())).append(bytes);
            } catch (IOException e) {
                throw new IOException("took " + bytes.position() + ": " + e.getMessage(), e);
            }
        }
    }

    static int lines(int bursts) {
        return bursts * BURST;
    }

    static String line(String name, int number) {
        return "{\"worker\":\"" + name + "\",\"line\":" + number + ",\"filling\":\"" + FILLING + "\"}";
    }
}
