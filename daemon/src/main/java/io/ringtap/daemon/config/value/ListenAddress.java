package io.ringtap.daemon.config.value;

import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A host and port to listen on, as text: "127.0.0.1:9464", "[::1]:9464", "localhost:9464"; a port alone is loopback's. */
public final class ListenAddress {
    private static final Pattern HOST_AND_PORT =
            Pattern.compile("(?:(?:\\[([0-9a-fA-F:.%]+)]|([\\w.-]+))?:)?([0-9]{1,5})");

    private static final String LOOPBACK = "127.0.0.1";

    private ListenAddress() {}

    /** The address, resolved; port 0 is any free one. @throws IllegalArgumentException if there is no such address */
    public static InetSocketAddress parse(String text) {
        Matcher matcher = HOST_AND_PORT.matcher(text.strip());
        int port = matcher.matches() ? Integer.parseInt(matcher.group(3)) : -1;
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException(
                    "must be host:port such as \"127.0.0.1:9464\", a port alone, or \"\" for off, not "
                            + Quoted.of(text));
        }
        String host = Stream.of(matcher.group(1), matcher.group(2), LOOPBACK)
                .filter(Objects::nonNull)
                .findFirst()
                .orElseThrow();
        InetSocketAddress address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw new IllegalArgumentException("there is no host " + Quoted.of(host));
        }
        return address;
    }
}
