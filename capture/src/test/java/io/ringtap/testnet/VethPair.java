package io.ringtap.testnet;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A veth pair in a network namespace of the calling thread's own: {@link #NEAR} is captured on, {@link #FAR} is the
 * other end. Threads and processes started from this thread while it is open are in the namespace too. Both ends are up
 * and silent (no IPv6, so no neighbour discovery); everything goes with {@link #close()}, which must be called on the
 * same thread. Needs root.
 */
public final class VethPair implements AutoCloseable {
    public static final String NEAR = "rt0";
    public static final String FAR = "rt1";

    /** What takes so long hangs, on any machine: this judges no speed. */
    public static final Duration HANG = Duration.ofMinutes(2);

    private static final int CLONE_NEWNET = 0x4000_0000;
    private static final int O_RDONLY = 0;
    private static final MethodHandle UNSHARE = libc("unshare", ValueLayout.JAVA_INT);
    private static final MethodHandle SETNS = libc("setns", ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
    private static final MethodHandle OPEN = libc("open", ValueLayout.ADDRESS, ValueLayout.JAVA_INT);
    private static final MethodHandle CLOSE = libc("close", ValueLayout.JAVA_INT);

    private final int before;
    private final Thread owner = Thread.currentThread();

    private VethPair(int before) {
        this.before = before;
    }

    public static VethPair open() {
        int before = openNamespace();
        check("unshare(CLONE_NEWNET), which needs root", invoke(UNSHARE, CLONE_NEWNET));
        VethPair pair = new VethPair(before);
        try {
            run("sysctl", "-qw", "net.ipv6.conf.default.disable_ipv6=1");
            run("ip", "link", "set", "lo", "up");
            pair.create();
            return pair;
        } catch (RuntimeException e) {
            pair.close();
            throw e;
        }
    }

    /**
     * Makes the pair (again, after {@link #remove()}) and sets both ends up, the near one last: so it has its carrier,
     * and the queue that goes with it, from the first moment. The far one gets its own a moment later, by a worker of the
     * kernel's.
     */
    public void create() {
        createFarUp();
        run("ip", "link", "set", NEAR, "up");
        awaitUp();
    }

    /** The same, but the near end is still down: so the far one can be listened on before the first frame. */
    public void createFarUp() {
        run("ip", "link", "add", NEAR, "type", "veth", "peer", "name", FAR);
        run("ethtool", "-K", NEAR, "gro", "on"); // lets XDP sources on the far end reach this one
        run("ip", "link", "set", FAR, "up");
    }

    /** Waits until both ends can send: before, Linux takes frames and drops them without a word. */
    public static void awaitUp() {
        await(() -> output("ip", "-o", "link", "show", NEAR).contains("state UP")
                && output("ip", "-o", "link", "show", FAR).contains("state UP"));
    }

    /** Removes both ends, as if the card were pulled out. */
    public void remove() {
        run("ip", "link", "del", NEAR);
    }

    /** Sets one end up or down. */
    public void set(String end, boolean up) {
        run("ip", "link", "set", end, up ? "up" : "down");
    }

    /** Makes the near end as slow as told, behind a queue of so many bytes, all as tc-tbf(8) has them. */
    public static void slowDown(String rate, String burst, String limit) {
        run("tc", "qdisc", "add", "dev", NEAR, "root", "tbf", "rate", rate, "burst", burst, "limit", limit);
    }

    /** Runs a command in the namespace and returns what it printed; fails if the command fails. */
    public static String run(String... command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(HANG.toSeconds(), TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IllegalStateException(String.join(" ", command) + ": " + output);
            }
            return output;
        } catch (IOException e) {
            throw new IllegalStateException(String.join(" ", command), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(String.join(" ", command), e);
        }
    }

    private static String output(String... command) {
        return run(command);
    }

    /** Waits until something is true, and fails after {@link #HANG}. */
    public static void await(java.util.function.BooleanSupplier condition) {
        long deadline = System.nanoTime() + HANG.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("waited 2 min in vain");
            }
            java.util.concurrent.locks.LockSupport.parkNanos(2_000_000);
        }
    }

    /** Leaves the namespace, which ends when its last process and socket do. */
    @Override
    public void close() {
        if (!Thread.currentThread().equals(owner)) {
            throw new IllegalStateException("close a veth pair on the thread that opened it");
        }
        check("setns back", invoke(SETNS, before, CLONE_NEWNET));
        invoke(CLOSE, before);
    }

    private static int openNamespace() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment path = arena.allocateFrom("/proc/thread-self/ns/net");
            return check("open /proc/thread-self/ns/net", invoke(OPEN, path, O_RDONLY));
        }
    }

    private static int check(String what, int result) {
        if (result < 0) {
            throw new IllegalStateException(what + " failed");
        }
        return result;
    }

    private static MethodHandle libc(String name, ValueLayout... arguments) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow(name), FunctionDescriptor.of(ValueLayout.JAVA_INT, arguments));
    }

    private static int invoke(MethodHandle function, Object... arguments) {
        try {
            return (int) function.invokeWithArguments(new ArrayList<>(List.of(arguments)));
        } catch (Throwable e) {
            throw new LinkageError("libc call", e);
        }
    }
}
