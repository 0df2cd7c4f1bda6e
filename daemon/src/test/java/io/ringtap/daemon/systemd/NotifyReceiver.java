package io.ringtap.daemon.systemd;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** In place of systemd: receives the datagrams sent to a Unix socket, by Python, as Java cannot. */
final class NotifyReceiver implements AutoCloseable {
    private static final String PROGRAM = """
            import socket, sys
            s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            address = sys.argv[1]
            s.bind("\\0" + address[1:] if address.startswith("@") else address)
            print("bound", flush=True)
            while True:
                print(s.recv(65536).decode().replace("\\n", "|"), flush=True)
            """;

    private final Process process;
    private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();

    NotifyReceiver(String address) {
        try {
            process = new ProcessBuilder(List.of("python3", "-c", PROGRAM, address))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofPlatform().daemon().start(() -> {
            process.inputReader(StandardCharsets.UTF_8).lines().forEach(messages::add);
            messages.add("the receiver has ended");
        });
        if (!"bound".equals(next())) {
            throw new IllegalStateException("cannot receive at " + address);
        }
    }

    /** The next datagram, with bars for its line breaks; waits for it. */
    String next() {
        try {
            return messages.take();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
