package io.ringtap.capture.pcap;

import io.ringtap.capture.OpenException;
import io.ringtap.capture.OpenException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Turns libpcap's status into a line that says what failed, where, why, and what to do about it. */
final class OpenFailure {
    // pcap/pcap.h
    private static final int PCAP_ERROR_NO_SUCH_DEVICE = -5;
    private static final int PCAP_ERROR_PERM_DENIED = -8;
    private static final int PCAP_ERROR_IFACE_NOT_UP = -9;
    private static final int PCAP_ERROR_PROMISC_PERM_DENIED = -11;

    private OpenFailure() {}

    static OpenException of(String capture, String interfaceName, int status, String text) {
        String what =
                "capture " + capture + ": cannot open " + interfaceName + ": " + text + " (libpcap " + status + ")";
        return switch (status) {
            case PCAP_ERROR_PERM_DENIED, PCAP_ERROR_PROMISC_PERM_DENIED ->
                new OpenException(
                        Reason.NOT_PERMITTED,
                        what + "; CAP_NET_RAW is missing: run as root, or under systemd with"
                                + " AmbientCapabilities=CAP_NET_RAW, or by setpriv --inh-caps +net_raw --ambient-caps +net_raw"
                                + " (setcap on java breaks its library path)");
            case PCAP_ERROR_NO_SUCH_DEVICE ->
                new OpenException(Reason.NO_SUCH_INTERFACE, what + "; there are: " + interfaces());
            case PCAP_ERROR_IFACE_NOT_UP ->
                new OpenException(Reason.INTERFACE_DOWN, what + "; set it up: ip link set " + interfaceName + " up");
            default -> new OpenException(Reason.OTHER, what);
        };
    }

    /** Names from /proc/net/dev of this thread's network namespace. */
    private static String interfaces() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/thread-self/net/dev"))) {
            return lines.filter(line -> line.contains(":"))
                    .map(line -> line.substring(0, line.indexOf(':')).trim())
                    .sorted()
                    .collect(Collectors.joining(", "));
        } catch (IOException e) {
            return "(unknown: " + e.getMessage() + ")";
        }
    }
}
