package io.ringtap.daemon.control;

import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A path that fits a Unix-domain socket's address. */
final class SocketPath {
    /** {@code sizeof(sun_path)} is 108 (unix(7)), of which the JDK leaves two unused. */
    private static final int MAXIMUM_BYTES = 106;

    private SocketPath() {}

    static UnixDomainSocketAddress address(Path socket) throws ControlException {
        int length = socket.toString().getBytes(StandardCharsets.UTF_8).length;
        if (length > MAXIMUM_BYTES) {
            throw new ControlException(
                    ControlException.Reason.FAILED,
                    "control socket " + socket + ": the path has " + length + " bytes, at most " + MAXIMUM_BYTES
                            + " are possible: choose a shorter one");
        }
        return UnixDomainSocketAddress.of(socket);
    }
}
