package io.ringtap.daemon.export;

import io.ringtap.daemon.export.ExportConfig.Transport;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SocketChannel;

/** A connection to a collector. One thread, but for {@link #close}, which ends a send that hangs. */
final class CollectorSession implements AutoCloseable {
    /** RFC 7011, 10.3.3: messages over UDP should fit a path whose MTU is not known. */
    private static final int UDP_BYTES = 1_400;

    private static final int TCP_BYTES = 16 << 10;
    private static final int CONNECT_MILLIS = 2_000;

    private final ByteChannel channel;

    private CollectorSession(ByteChannel channel) {
        this.channel = channel;
    }

    /** What a message may have. */
    static int mostBytes(Transport transport) {
        return transport == Transport.UDP ? UDP_BYTES : TCP_BYTES;
    }

    /** Opens one. @throws IOException if the collector, or the way to it, is not there */
    static CollectorSession open(ExportConfig config) throws IOException {
        if (config.transport() == Transport.UDP) {
            DatagramChannel channel = DatagramChannel.open();
            return connected(channel, () -> channel.connect(config.collector()));
        }
        SocketChannel channel = SocketChannel.open();
        return connected(channel, () -> {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.socket().connect(config.collector(), CONNECT_MILLIS);
        });
    }

    private interface Connecting {
        void connect() throws IOException;
    }

    private static CollectorSession connected(ByteChannel channel, Connecting how) throws IOException {
        try {
            how.connect();
            return new CollectorSession(channel);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** Sends a message, whole. */
    void send(ByteBuffer message) throws IOException {
        while (message.hasRemaining()) {
            channel.write(message);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
