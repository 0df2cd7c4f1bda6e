package io.ringtap.daemon.demo;

import io.ringtap.capture.OpenException;
import io.ringtap.capture.OpenException.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The veth pair of the demonstration, in a network namespace of the process's own: nothing outside sees it, and it goes
 * when the process does, however it ends.
 */
final class DemoNetwork {
    /** The captured end. */
    static final String NEAR = "rtdemo0";

    /** The source's end. */
    static final String FAR = "rtdemo1";

    private DemoNetwork() {}

    /** Returns what to put before a command so that it runs in a new namespace: as root, or else with a user namespace. */
    static List<String> unshare() throws OpenException, IOException, InterruptedException {
        List<String> refusals = new ArrayList<>();
        for (List<String> way :
                List.of(List.of("unshare", "--net"), List.of("unshare", "--net", "--user", "--map-root-user"))) {
            List<String> trial = new ArrayList<>(way);
            trial.add("true");
            Optional<String> refusal = refusal(trial);
            if (refusal.isEmpty()) {
                return way;
            }
            refusals.add(String.join(" ", way) + ": " + refusal.get());
        }
        throw new OpenException(
                Reason.NOT_PERMITTED,
                "demo: cannot make a network namespace: " + String.join("; ", refusals)
                        + "; run it as root (in a container: with CAP_SYS_ADMIN), or allow user namespaces: sysctl"
                        + " kernel.unprivileged_userns_clone=1 (Debian), sysctl"
                        + " kernel.apparmor_restrict_unprivileged_userns=0 (Ubuntu)");
    }

    /** Makes the pair, up and silent. */
    static void create() throws OpenException, IOException, InterruptedException {
        run("ip", "link", "set", "lo", "up");
        run("ip", "link", "add", NEAR, "type", "veth", "peer", "name", FAR);
        for (String end : List.of(NEAR, FAR)) {
            run("ip", "link", "set", end, "addrgenmode", "none"); // no IPv6 address, so no neighbour discovery
            run("ip", "link", "set", end, "up");
        }
    }

    private static void run(String... command) throws OpenException, IOException, InterruptedException {
        Optional<String> refusal = refusal(List.of(command));
        if (refusal.isPresent()) {
            throw new OpenException(
                    Reason.OTHER,
                    "demo: " + String.join(" ", command) + ": " + refusal.get()
                            + "; it needs Linux with veth, and iproute2");
        }
    }

    /** Runs a command; what it said if it failed. */
    private static Optional<String> refusal(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();
        if (process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0) {
            return Optional.empty();
        }
        return Optional.of(output.lines().reduce((_, last) -> last).orElse("failed"));
    }
}
