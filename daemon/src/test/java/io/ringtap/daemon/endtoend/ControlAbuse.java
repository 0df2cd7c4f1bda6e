package io.ringtap.daemon.endtoend;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Clients that a control socket must bear. None waits for the daemon, and what it refuses them is no failure. */
final class ControlAbuse implements AutoCloseable {
    private static final int OPEN_AT_ONCE = 40;
    private static final byte[] STATS = "{\"version\":1,\"call\":\"stats\"}\n".getBytes(StandardCharsets.UTF_8);

    private final UnixDomainSocketAddress address;
    private final Random random = new Random(6);
    private final List<SocketChannel> open = new ArrayList<>();
    private long clients;

    ControlAbuse(Path socket) {
        address = UnixDomainSocketAddress.of(socket);
    }

    /** A client more, of another kind each round. */
    void round(int number) {
        connect(1);
        SocketChannel client = open.getLast();
        try {
            switch (number % 6) {
                case 0 -> send(client, garbage(2_000));
                case 1 -> send(client, new byte[200_000]); // no newline in it
                case 2 -> {
                    send(client, STATS);
                    client.shutdownOutput();
                }
                case 3 -> send(client, new byte[] {'{'}); // and never more
                case 4 ->
                    send(
                            client,
                            new String(STATS, StandardCharsets.UTF_8).repeat(50).getBytes(StandardCharsets.UTF_8));
                default -> client.close();
            }
        } catch (IOException e) {
            // dropped already
        }
        if (open.size() > OPEN_AT_ONCE) {
            close(open.removeFirst());
        }
    }

    private byte[] garbage(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private static void send(SocketChannel client, byte[] bytes) throws IOException {
        client.write(ByteBuffer.wrap(bytes)); // as much as there is room for
    }

    /** So many more, which say nothing. */
    void connect(int count) {
        try {
            for (int i = 0; i < count; i++) {
                SocketChannel client = SocketChannel.open(address);
                client.configureBlocking(false);
                open.add(client);
                clients++;
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Clients there were. */
    long clients() {
        return clients;
    }

    private static void close(SocketChannel client) {
        try {
            client.close();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        open.forEach(ControlAbuse::close);
    }
}
