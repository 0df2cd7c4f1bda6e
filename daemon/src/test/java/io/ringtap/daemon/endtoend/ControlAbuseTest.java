package io.ringtap.daemon.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.testnet.FarSender;
import io.ringtap.testnet.VethFixture;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients of the control socket that do all they can, while frames come. */
@Tag("live")
class ControlAbuseTest extends VethFixture {
    private static final double RATE = 20_000;
    private static final String CONFIG = """
            [[capture]]
            interface = "rt0"
            buffer = "256 MiB"
            """;

    /** Twice what is measured; a hundred megabytes held, or a thousand clients' buffers, would be more. */
    private static final long MOST_GROWTH_KIB = 48 << 10;

    @TempDir
    private Path folder;

    private Path socket;

    private SocketChannel connect() throws IOException {
        return SocketChannel.open(UnixDomainSocketAddress.of(socket));
    }

    private void send(byte[] bytes, boolean halfClosed) {
        try (SocketChannel channel = connect()) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            if (halfClosed) {
                channel.shutdownOutput();
                ByteBuffer answer = ByteBuffer.allocate(4096);
                while (channel.read(answer.clear()) > 0) {
                    // until the daemon is done with it
                }
            }
        } catch (IOException e) {
            assertTrue(e.getMessage().contains("Broken pipe") || e.getMessage().contains("reset"), e.toString());
        }
    }

    private void abuse() {
        byte[] megabytes = new byte[100_000_000];
        byte[] garbage = new byte[60_000];
        new Random(1).nextBytes(garbage);
        for (int i = 0; i < 1_000; i++) {
            send(new byte[0], false);
        }
        send(megabytes, false);
        for (int i = 0; i < 100; i++) {
            send(garbage, i % 2 == 0);
        }
        send("{\"version\":1,\"call\":\"stats\"}".getBytes(StandardCharsets.UTF_8), true); // no newline
        for (int i = 0; i < 1_000; i++) {
            send("{\"version\":1,\"call\":\"stats\"}\n".getBytes(StandardCharsets.UTF_8), i % 2 == 0);
        }
    }

    /** A byte a second each, until they are dropped for it. */
    private List<SocketChannel> slowClients(AtomicBoolean over) throws IOException {
        List<SocketChannel> clients = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            clients.add(connect());
        }
        Thread.ofPlatform().daemon().start(() -> {
            while (!over.get()) {
                for (SocketChannel client : clients) {
                    try {
                        client.write(ByteBuffer.wrap(new byte[] {' '}));
                    } catch (IOException e) {
                        return; // dropped, as it should be
                    }
                }
                RingtapProcess.sleep(1_000);
            }
        });
        return clients;
    }

    @Test
    void shouldLoseNoFrameAndTakeNoMemoryForIt() throws Exception {
        // Takes some seconds: eight thousand clients and 400 MB of nonsense, one after the other.
        AtomicLong sent = new AtomicLong();
        AtomicBoolean over = new AtomicBoolean();
        try (FarSender far = new FarSender();
                RunningDaemon daemon = RunningDaemon.start(folder, CONFIG)) {
            socket = daemon.socket();
            Thread sending = Thread.ofPlatform().start(() -> {
                while (!over.get()) {
                    far.sendUdp(10_000, 200, RATE);
                    sent.addAndGet(10_000);
                }
            });
            abuse(); // once for what the daemon loads and compiles
            long before = daemon.process().residentKib();
            List<SocketChannel> slow = slowClients(over);
            for (int round = 0; round < 3; round++) {
                abuse();
            }
            long grown = daemon.process().residentKib() - before;
            over.set(true);
            sending.join();
            slow.forEach(ControlAbuseTest::close);
            long frames = sent.get();
            daemon.await("workers", "default", "delivered", frames);
            System.out.printf("%,d frames, %,d KiB more in use%n", frames, grown);
            assertTrue(grown < MOST_GROWTH_KIB, grown + " KiB");
            assertEquals(
                    List.of(
                            "capture=rt0 interface=rt0 received=" + frames + " kernel_dropped=0 published=" + frames,
                            "worker=default capture=rt0 delivered=" + frames + " failed=0 shed=0",
                            "ledger lost=0 unaccounted=0"),
                    daemon.ledger());
        }
    }

    private static void close(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
