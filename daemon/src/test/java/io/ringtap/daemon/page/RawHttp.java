package io.ringtap.daemon.page;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Requests as they are written here, also such as no client of the JDK would send. */
final class RawHttp {
    private RawHttp() {}

    /** Sends a request line and headers, and gives all that comes until the connection ends. */
    static String ask(InetSocketAddress address, String request, String... headers) throws IOException {
        try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
            String all = request + " HTTP/1.1\r\n" + String.join("\r\n", headers) + "\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(all.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** The status of the answer. */
    static int status(String answer) {
        return Integer.parseInt(answer.substring(9, 12));
    }
}
