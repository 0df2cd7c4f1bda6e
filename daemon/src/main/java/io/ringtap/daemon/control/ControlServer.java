package io.ringtap.daemon.control;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.ringtap.ledger.Counter;
import io.ringtap.ledger.Progress;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers clients on a Unix-domain socket: one JSON object a line each way, see the README. One thread, {@code control},
 * serves all clients and runs the calls, so a call must be quick, or a {@link SlowCall}. What a client may take is bounded, and nothing that a
 * client does keeps the thread busy.
 */
public final class ControlServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("io.ringtap.control");
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(5);
    private static final Duration WARNING_INTERVAL = Duration.ofMinutes(1);
    private static final int ACCEPTS_AT_ONCE = 64;

    private final ControlSocket socket;
    private final ControlLimits limits;
    private final ControlCalls calls;
    private final LongSupplier nanoTime;
    private final Selector selector;
    private final SelectionKey listening;
    private final Thread thread;
    private final Counter turns = new Counter();
    private final AtomicBoolean closed = new AtomicBoolean();

    /** Clients whose slow calls have ended. */
    private final Queue<SelectionKey> answered = new ConcurrentLinkedQueue<>();

    // The control thread's own.
    private final Set<SelectionKey> clients = new HashSet<>();
    private boolean accepting = true;
    private long acceptAgainNanos;
    private long acceptWarningNanos;
    private long unaccepted;

    private ControlServer(ControlSocket socket, ControlCalls calls, ControlLimits limits, LongSupplier nanoTime)
            throws IOException {
        this.socket = socket;
        this.calls = calls;
        this.limits = limits;
        this.nanoTime = nanoTime;
        this.acceptWarningNanos = nanoTime.getAsLong();
        this.selector = Selector.open();
        this.listening = socket.channel().register(selector, SelectionKey.OP_ACCEPT);
        this.thread = Thread.ofPlatform().name("control").daemon().unstarted(this::run);
    }

    /**
     * Listens, and answers from now on. The socket's folder is made where that is permitted; a socket that nobody listens
     * on is replaced.
     *
     * @param path the socket, 106 bytes at most
     * @param calls name to what answers it from the request; {@code ping} is always there
     * @throws ControlException if the socket cannot be made, or a live process listens on it already
     */
    public static ControlServer open(Path path, Map<String, Function<JsonObject, JsonElement>> calls)
            throws ControlException {
        return open(path, calls, Map.of(), new ControlRights(Optional.empty()));
    }

    /**
     * The same with calls that change something.
     *
     * @param changes name to what answers it, for those who have the rights
     */
    public static ControlServer open(
            Path path,
            Map<String, Function<JsonObject, JsonElement>> calls,
            Map<String, Function<JsonObject, JsonElement>> changes,
            ControlRights rights)
            throws ControlException {
        return open(path, calls, changes, rights, ControlLimits.STANDARD, System::nanoTime);
    }

    static ControlServer open(
            Path path,
            Map<String, Function<JsonObject, JsonElement>> calls,
            Map<String, Function<JsonObject, JsonElement>> changes,
            ControlRights rights,
            ControlLimits limits,
            LongSupplier nanoTime)
            throws ControlException {
        long startNanos = nanoTime.getAsLong();
        Map<String, Function<JsonObject, JsonElement>> all = new HashMap<>(calls);
        all.put("ping", request -> ping(nanoTime.getAsLong() - startNanos));
        ControlSocket socket = ControlSocket.open(path);
        try {
            ControlCalls answering = new ControlCalls(all, changes, rights, limits.answerBytes(), ControlCalls.THREADS);
            ControlServer server = new ControlServer(socket, answering, limits, nanoTime);
            server.thread.start();
            return server;
        } catch (IOException e) {
            socket.remove();
            socket.close();
            throw new ControlException(ControlException.Reason.FAILED, "control socket " + path + ": " + e);
        }
    }

    private static JsonObject ping(long uptimeNanos) {
        JsonObject result = new JsonObject();
        result.addProperty("pid", ProcessHandle.current().pid());
        result.add("uptime_seconds", StatsJson.seconds(uptimeNanos));
        return result;
    }

    /** Has others than before make the calls that change something; any thread. */
    public void rights(ControlRights rights) {
        calls.rights(rights);
    }

    /** Returns how far its thread has come; any thread. Wakes it, so that it has moved by the next look unless it hangs. */
    public Progress progress() {
        selector.wakeup();
        return new Progress(thread.getName(), turns.value(), !closed.get());
    }

    /** Stops answering, drops the clients and removes the socket if it is still this server's; idempotent. */
    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        socket.remove();
        selector.wakeup();
        if (Thread.currentThread().equals(thread)) {
            return;
        }
        try {
            if (!thread.join(STOP_PATIENCE)) {
                LOG.warn("control: a call has not ended within {}", ControlLimits.text(STOP_PATIENCE));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try (selector;
                socket) {
            while (!closed.get()) {
                turns.add(1);
                selector.select(this::onReady, patienceMillis(nanoTime.getAsLong()));
                onAnswered();
                onTime(nanoTime.getAsLong());
            }
        } catch (IOException e) {
            LOG.error("control: no longer answering: {}", e.toString());
        } finally {
            Set.copyOf(clients).forEach(this::drop);
            calls.close();
        }
    }

    /** Returns how long nothing is due, in milliseconds; 0: for ever. */
    private long patienceMillis(long now) {
        long wait = accepting ? Long.MAX_VALUE : acceptAgainNanos - now;
        for (SelectionKey client : clients) {
            wait = Math.min(wait, connection(client).deadlineNanos() - now);
        }
        return wait == Long.MAX_VALUE ? 0 : Math.max(0, TimeUnit.NANOSECONDS.toMillis(wait)) + 1;
    }

    private void onReady(SelectionKey key) {
        if (key.equals(listening)) {
            accept();
        } else {
            step(key, connection -> connection.advance(nanoTime.getAsLong()));
        }
    }

    private void onAnswered() {
        for (SelectionKey key = answered.poll(); key != null; key = answered.poll()) {
            if (clients.contains(key)) { // else it was dropped meanwhile
                step(key, connection -> connection.advance(nanoTime.getAsLong()));
            }
        }
    }

    private void wake(SelectionKey client) {
        answered.add(client);
        selector.wakeup();
    }

    private void onTime(long now) {
        if (!accepting && now - acceptAgainNanos >= 0) {
            accepting = true;
            listening.interestOps(SelectionKey.OP_ACCEPT);
        }
        for (SelectionKey client : Set.copyOf(clients)) {
            if (now - connection(client).deadlineNanos() >= 0) {
                step(client, connection -> connection.expire(now));
            }
        }
    }

    private void accept() {
        for (int i = 0; i < ACCEPTS_AT_ONCE; i++) {
            try {
                SocketChannel channel = ((ServerSocketChannel) listening.channel()).accept();
                if (channel == null) {
                    return;
                }
                admit(channel);
            } catch (IOException e) {
                lookAway(e, nanoTime.getAsLong());
                return;
            }
        }
    }

    /** Out of descriptors, most likely: the listener stays ready all the time, and asking it at once would spin. */
    private void lookAway(IOException cause, long now) {
        accepting = false;
        acceptAgainNanos = now + limits.acceptPause().toNanos();
        listening.interestOps(0);
        unaccepted++;
        if (now - acceptWarningNanos >= 0) {
            LOG.warn("control: no connection could be accepted, {} times: {}", unaccepted, cause.toString());
            acceptWarningNanos = now + WARNING_INTERVAL.toNanos();
            unaccepted = 0;
        }
    }

    private void admit(SocketChannel channel) {
        try {
            channel.configureBlocking(false);
            if (clients.size() >= limits.clients()) {
                refuse(channel);
                return;
            }
            SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
            key.attach(new ControlConnection(channel, calls, limits, nanoTime.getAsLong(), () -> wake(key)));
            clients.add(key);
        } catch (IOException e) {
            close(channel);
        }
    }

    private void refuse(SocketChannel channel) throws IOException {
        try (channel) {
            byte[] error = ControlCalls.error("there are " + limits.clients() + " clients already: try again later");
            channel.write(new ByteBuffer[] {ByteBuffer.wrap(error), ByteBuffer.wrap(new byte[] {'\n'})});
        }
    }

    private interface Step {
        int on(ControlConnection connection) throws IOException;
    }

    private void step(SelectionKey key, Step step) {
        try {
            int interest = step.on(connection(key));
            switch (interest) {
                case ControlConnection.DONE -> drop(key);
                case ControlConnection.HANDED_OVER -> handOver(key);
                default -> key.interestOps(interest);
            }
        } catch (IOException e) { // the client is gone
            LOG.debug("control: a client went away", e);
            drop(key);
        }
    }

    private void handOver(SelectionKey key) {
        clients.remove(key);
        key.cancel();
        connection(key).handOver();
    }

    private void drop(SelectionKey key) {
        clients.remove(key);
        close((SocketChannel) key.channel());
    }

    private static void close(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("closing a client's channel", e);
        }
    }

    private static ControlConnection connection(SelectionKey key) {
        return (ControlConnection) key.attachment();
    }
}
