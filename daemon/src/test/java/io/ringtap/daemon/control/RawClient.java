package io.ringtap.daemon.control;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A client that sends whatever it likes, and reads only when told to. */
final class RawClient implements AutoCloseable {
    private final SocketChannel channel;

    RawClient(Path socket) throws IOException {
        channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
    }

    RawClient send(String text) throws IOException {
        return send(text.getBytes(StandardCharsets.UTF_8));
    }

    RawClient send(byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        return this;
    }

    void endOutput() throws IOException {
        channel.shutdownOutput();
    }

    /** Whether nothing has come, not even the connection's end. */
    boolean hasHeardNothing() throws IOException {
        channel.configureBlocking(false);
        try {
            return channel.read(ByteBuffer.allocate(1)) == 0;
        } finally {
            channel.configureBlocking(true);
        }
    }

    /** Up to a newline, which is not returned, or the connection's end. */
    String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        ByteBuffer one = ByteBuffer.allocate(1);
        while (channel.read(one.clear()) > 0 && one.get(0) != '\n') {
            line.write(one.get(0));
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    /** Everything up to the connection's end; a server that drops a client has not always read all that it sent. */
    String rest() throws IOException {
        ByteArrayOutputStream rest = new ByteArrayOutputStream();
        ByteBuffer part = ByteBuffer.allocate(65536);
        while (read(part.clear()) > 0) {
            rest.write(part.array(), 0, part.position());
        }
        return rest.toString(StandardCharsets.UTF_8);
    }

    private int read(ByteBuffer part) throws IOException {
        try {
            return channel.read(part);
        } catch (SocketException e) { // connection reset
            return -1;
        }
    }

    String ask(String request) throws IOException {
        return send(request + "\n").line();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
