package io.ringtap.daemon.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
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

    /** What to put before a command so that it runs in a new namespace; with a user namespace where not root. */
    static List<String> unshare() {
        return "root".equals(System.getProperty("user.name"))
                ? List.of("unshare", "--net")
                : List.of("unshare", "--net", "--user", "--map-root-user");
    }

    /** Makes the pair, up and silent. */
    static void create() throws IOException, InterruptedException {
        run("ip", "link", "set", "lo", "up");
        run("ip", "link", "add", NEAR, "type", "veth", "peer", "name", FAR);
        for (String end : List.of(NEAR, FAR)) {
            run("ip", "link", "set", end, "addrgenmode", "none"); // no IPv6 address, so no neighbour discovery
            run("ip", "link", "set", end, "up");
        }
    }

    private static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();
        if (!process.waitFor(10, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IOException("demo: " + String.join(" ", command) + " failed: " + output
                    + "; it needs Linux with veth, and iproute2");
        }
    }
}
