package io.ringtap.daemon.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;

/** {@code ringtap stats} as a process, which ends on a signal as a command line should: interrupt, wait, its own code. */
final class StatsProcess {
    private StatsProcess() {}

    static Process start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                StatsProcess.class.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).start();
    }

    public static void main(String[] args) {
        Thread main = Thread.currentThread();
        CompletableFuture<Integer> code = new CompletableFuture<>();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            main.interrupt();
            Runtime.getRuntime()
                    .halt(code.completeOnTimeout(ExitCode.FAILED, 2, TimeUnit.MINUTES)
                            .join());
        }));
        code.complete(new CommandLine(new StatsCommand().spec()).execute(args));
    }
}
