package io.ringtap.daemon.endtoend;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.testnet.VethPair;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The program itself as a child process, with the JVM options of the service, in the calling thread's network namespace.
 * Every wait is bounded; {@link #close()} leaves no process behind.
 */
final class RingtapProcess implements AutoCloseable {
    /** Longer than this is a hang, on any machine: the bound judges no speed. */
    private static final long PATIENCE_SECONDS = 120;

    private final Process process;
    private final List<String> out = new CopyOnWriteArrayList<>();
    private final List<String> err = new CopyOnWriteArrayList<>();
    private final List<Thread> readers;

    private RingtapProcess(Process process) {
        this.process = process;
        readers = List.of(read(process.inputReader(StandardCharsets.UTF_8), out), read(process.errorReader(), err));
    }

    static RingtapProcess start(String... arguments) {
        return startAs(List.of(), Installation.here(), arguments);
    }

    /** Starts it by a command that changes the process and then becomes it, such as setpriv. */
    static RingtapProcess startAs(List<String> becoming, Installation installation, String... arguments) {
        // A program started in the background by a shell ignores SIGINT, one by nohup SIGHUP, and so would its
        // children.
        List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT,HUP,TERM,QUIT,PIPE"));
        command.addAll(becoming);
        command.addAll(installation.java());
        command.addAll(List.of(arguments));
        try {
            return new RingtapProcess(new ProcessBuilder(command).start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Thread read(BufferedReader from, List<String> lines) {
        return Thread.ofPlatform().daemon().start(() -> {
            try (from) {
                from.lines().forEach(lines::add);
            } catch (IOException | UncheckedIOException e) {
                lines.add("(reading ended: " + e + ")");
            }
        });
    }

    /** Waits for the line that says it is live. */
    RingtapProcess awaitReady() {
        awaitLine(out, "ready");
        return this;
    }

    /** Waits for a line on standard error. */
    void awaitErrorLine(String part) {
        awaitLine(err, part);
    }

    /** Waits for a line on standard output. */
    void awaitOutputLine(String part) {
        awaitLine(out, part);
    }

    private void awaitLine(List<String> lines, String part) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (lines.stream().noneMatch(line -> line.contains(part))) {
            assertTrue(process.isAlive(), () -> "ended without \"" + part + "\": " + this);
            assertTrue(System.nanoTime() < deadline, () -> "no \"" + part + "\": " + this);
            sleep(5);
        }
    }

    static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Gives it something to read. */
    void write(String text) throws IOException {
        process.outputWriter().write(text);
        process.outputWriter().flush();
    }

    /** Sends a signal, such as INT, to this process alone. */
    void signal(String name) {
        VethPair.run("kill", "-" + name, Long.toString(process.pid()));
    }

    /** Sends a signal to its process group; it must have been started by setsid. */
    void signalGroup(String name) {
        VethPair.run("kill", "-" + name, "--", "-" + process.pid());
    }

    /** Waits for the end, and gives the exit code. */
    int exitCode() {
        try {
            assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), () -> "still running: " + this);
            for (Thread reader : readers) {
                reader.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    List<ProcessHandle> children() {
        return process.children().toList();
    }

    List<String> out() {
        return out;
    }

    List<String> err() {
        return err;
    }

    /** The lines of the final ledger, without the 0 of interfaces that have lost nothing. */
    List<String> ledger() {
        return out.stream()
                .filter(l -> l.matches("(capture|worker|inject|ledger)[ =].*"))
                .map(l -> l.replace(" interface_dropped=0", ""))
                .toList();
    }

    /** How often a thread has given the processor back to wait, of the kernel's own count: proc(5), voluntary_ctxt_switches. */
    long waits(String threadName) {
        return Long.parseLong(task(threadName, "voluntary_ctxt_switches:"));
    }

    /** Waits until a thread is seen asleep: one that spins never is. */
    void awaitAsleep(String threadName) {
        VethPair.await(() -> task(threadName, "State:").startsWith("S"));
    }

    private String task(String threadName, String field) {
        String comm = threadName.substring(0, Math.min(15, threadName.length())); // the kernel keeps no more
        try (Stream<Path> tasks = Files.list(Path.of("/proc", Long.toString(pid()), "task"))) {
            for (Path task : tasks.toList()) {
                List<String> status = Files.readAllLines(task.resolve("status"));
                if (status.getFirst().equals("Name:\t" + comm)) {
                    return status.stream()
                            .filter(line -> line.startsWith(field))
                            .map(line -> line.substring(field.length()).strip())
                            .findFirst()
                            .orElseThrow();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        throw new AssertionError("no thread " + threadName + " in " + this);
    }

    /** Memory in use that is its own or shared, KiB. */
    long residentKib() {
        return kib("VmRSS:");
    }

    private long kib(String what) {
        return proc("status")
                .lines()
                .filter(line -> line.startsWith(what))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                .findFirst()
                .orElseThrow();
    }

    /** Addresses that are taken, used or not, KiB: what a limit of its address space is compared with. */
    long virtualKib() {
        return kib("VmSize:");
    }

    /** The number that the next descriptor it opens will have: with a limit of as many it can open none. */
    long nextDescriptor() {
        long next = 0;
        while (Files.exists(Path.of("/proc", Long.toString(pid()), "fd", Long.toString(next)), NOFOLLOW_LINKS)) {
            next++;
        }
        return next;
    }

    /** The highest number of a descriptor that is open; some below it may not be. */
    long highestDescriptor() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc", Long.toString(pid()), "fd"))) {
            return open.mapToLong(each -> Long.parseLong(each.getFileName().toString()))
                    .max()
                    .orElseThrow();
        }
    }

    private String proc(String file) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(pid()), file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.children().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        exitCode();
    }

    @Override
    public String toString() {
        return "out " + out + ", err " + err;
    }
}
