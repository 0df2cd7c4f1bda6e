package io.ringtap.daemon.control;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.ringtap.daemon.control.ControlException.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Asks a running daemon over its control socket: a connection a call, so that nothing is held between two looks. */
public final class ControlClient {
    /** Where a daemon listens unless configured otherwise. */
    public static final String DEFAULT_SOCKET = "/run/ringtap/ringtap.sock";

    static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int MAXIMUM_ANSWER_BYTES = 32 * 1024 * 1024;

    private final Path socket;
    private final Duration patience;

    /** A client that waits five seconds for an answer. */
    public ControlClient(Path socket) {
        this(socket, PATIENCE);
    }

    /** A client that waits for an answer for as long as told, to a call that takes its time. */
    public ControlClient(Path socket, Duration patience) {
        this.socket = socket;
        this.patience = patience;
    }

    /**
     * Calls, and returns the result. Interrupting the thread ends the wait: the call fails, and the thread stays
     * interrupted.
     *
     * @throws ControlException if there is no daemon, it may not be asked, or it gave no result
     */
    public JsonElement call(String name) throws ControlException {
        return call(name, new JsonObject());
    }

    /** The same with fields of the call's own. @throws ControlException as the other */
    public JsonElement call(String name, JsonObject fields) throws ControlException {
        UnixDomainSocketAddress address = SocketPath.address(socket);
        JsonObject request = request(name, fields);
        CountDownLatch done = new CountDownLatch(1);
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            // Blocking, and closed from beside: a connect to a full backlog cannot be waited for otherwise on Linux.
            Thread.ofPlatform().name("control-patience").daemon().start(() -> closeLate(channel, done));
            connect(channel, address);
            return result(new String(exchange(channel, request + "\n"), StandardCharsets.UTF_8));
        } catch (ClosedChannelException e) {
            throw failed("does not answer within " + ControlLimits.text(patience)
                    + ": see what it does (systemctl status ringtap)");
        } catch (IOException e) {
            throw failed("gave no whole answer: " + e.getMessage());
        } finally {
            done.countDown();
        }
    }

    private static JsonObject request(String name, JsonObject fields) {
        JsonObject request = fields.deepCopy();
        request.addProperty("version", ControlCalls.VERSION);
        request.addProperty("call", name);
        return request;
    }

    /**
     * Makes a call whose answer is followed by bytes without end. The answer is waited for as for any.
     *
     * @throws ControlException as the others
     */
    public ControlStream open(String name, JsonObject fields) throws ControlException {
        UnixDomainSocketAddress address = SocketPath.address(socket);
        CountDownLatch done = new CountDownLatch(1);
        try {
            SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            Thread.ofPlatform().name("control-patience").daemon().start(() -> closeUnless(done, channel));
            try {
                connect(channel, address);
                channel.write(ByteBuffer.wrap((request(name, fields) + "\n").getBytes(StandardCharsets.UTF_8)));
                return new ControlStream(channel, result(ControlStream.line(channel)), "the daemon at " + socket);
            } catch (IOException | ControlException e) {
                channel.close();
                throw e;
            } finally {
                done.countDown();
            }
        } catch (IOException e) {
            throw failed("gave no whole answer: " + e.getMessage());
        }
    }

    private void closeUnless(CountDownLatch done, SocketChannel channel) {
        try {
            if (!done.await(patience.toNanos(), TimeUnit.NANOSECONDS)) {
                channel.close();
            }
        } catch (InterruptedException | IOException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void closeLate(SocketChannel channel, CountDownLatch done) {
        try (channel) {
            if (done.await(patience.toNanos(), TimeUnit.NANOSECONDS)) {
                return;
            }
        } catch (InterruptedException | IOException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void connect(SocketChannel channel, UnixDomainSocketAddress address) throws IOException, ControlException {
        try {
            channel.connect(address);
        } catch (ClosedChannelException e) {
            throw e;
        } catch (IOException e) {
            throw refused(e);
        }
    }

    /** The JDK tells EACCES by a BindException and ECONNREFUSED by a ConnectException; texts depend on the locale. */
    private ControlException refused(IOException cause) {
        if (cause instanceof BindException) {
            return notPermitted();
        }
        String why = "nothing listens on that socket";
        if (!(cause instanceof ConnectException)) {
            try {
                Files.readAttributes(socket, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
                why = cause.getMessage();
            } catch (AccessDeniedException e) {
                return notPermitted();
            } catch (IOException e) {
                why = "there is no such socket";
            }
        }
        return new ControlException(
                Reason.NO_DAEMON,
                "no daemon at " + socket + ": " + why
                        + ": start one (systemctl start ringtap), or name its socket with --socket");
    }

    private ControlException notPermitted() {
        return new ControlException(
                Reason.NOT_PERMITTED,
                "control socket " + socket + ": this user may not open it: run as root or as a member of its group");
    }

    private static byte[] exchange(SocketChannel channel, String request) throws IOException {
        IOException unsent = null;
        try {
            ByteBuffer line = ByteBuffer.wrap(request.getBytes(StandardCharsets.UTF_8));
            while (line.hasRemaining()) {
                channel.write(line);
            }
        } catch (ClosedChannelException e) {
            throw e;
        } catch (IOException e) {
            unsent = e; // a daemon that refuses says why before it closes: read that first
        }
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        ByteBuffer part = ByteBuffer.allocate(64 * 1024);
        while (answer.size() <= MAXIMUM_ANSWER_BYTES) {
            int length = channel.read(part.clear());
            if (length < 0) {
                throw unsent != null ? unsent : new IOException("the connection ended");
            }
            answer.write(part.array(), 0, length);
            if (part.get(length - 1) == '\n') {
                return answer.toByteArray();
            }
        }
        throw new IOException("more than " + MAXIMUM_ANSWER_BYTES + " bytes");
    }

    private JsonElement result(String line) throws ControlException {
        try {
            JsonObject answer = JsonParser.parseString(line).getAsJsonObject();
            if (answer.get("ok").getAsBoolean()) {
                return answer.get("result");
            }
            String error = answer.get("error").getAsString();
            throw refused(error, answer);
        } catch (JsonParseException | IllegalStateException | UnsupportedOperationException | NullPointerException e) {
            throw failed("gave an answer that makes no sense: is it ringtap, of this version?");
        }
    }

    private ControlException refused(String error, JsonObject answer) {
        String reason = answer.has("reason") ? answer.get("reason").getAsString() : "";
        List<String> problems = answer.has("problems")
                ? answer.getAsJsonArray("problems").asList().stream()
                        .map(JsonElement::getAsString)
                        .toList()
                : List.of();
        return new ControlException(
                switch (reason) {
                    case ControlCalls.NOT_PERMITTED -> Reason.NOT_PERMITTED;
                    case ControlCalls.BAD_CONFIGURATION -> Reason.BAD_CONFIGURATION;
                    default -> Reason.FAILED;
                },
                "the daemon at " + socket + " refused: " + error,
                problems);
    }

    private ControlException failed(String what) {
        return new ControlException(Reason.FAILED, "the daemon at " + socket + " " + what);
    }
}
