package io.ringtap.daemon.control;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.ringtap.daemon.control.ControlException.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What follows the answer to a {@link StreamedCall}. For one thread, but for {@link #stop}. */
public final class ControlStream implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("io.ringtap.control");
    private static final int MOST_CHUNK_BYTES = 1 << 24;

    private final SocketChannel channel;
    private final JsonElement result;
    private final String daemon;
    private ByteBuffer chunk = ByteBuffer.allocateDirect(1 << 20);

    ControlStream(SocketChannel channel, JsonElement result, String daemon) {
        this.channel = channel;
        this.result = result;
        this.daemon = daemon;
    }

    /** What the answer held. */
    public JsonElement result() {
        return result;
    }

    /** Waits for the next bytes, valid until the next call; absent when it has ended as it should: {@link #end} says with what. */
    public Optional<ByteBuffer> next() throws ControlException {
        try {
            int length = fill(Integer.BYTES).getInt();
            if (length < 0 || length > MOST_CHUNK_BYTES) {
                throw new ControlException(Reason.FAILED, daemon + " sent what makes no sense: is it of this version?");
            }
            return length == 0 ? Optional.empty() : Optional.of(fill(length));
        } catch (IOException e) {
            throw cutShort(e);
        }
    }

    /** What it came to, behind its last bytes. */
    public JsonObject end() throws ControlException {
        try {
            return JsonParser.parseString(line(channel)).getAsJsonObject();
        } catch (IOException | JsonParseException | IllegalStateException e) {
            throw cutShort(e);
        }
    }

    private ControlException cutShort(Exception cause) {
        return new ControlException(
                Reason.FAILED,
                daemon + " ended the connection early (" + cause.getMessage() + "): see why (journalctl -u ringtap)");
    }

    private ByteBuffer fill(int bytes) throws IOException {
        if (chunk.capacity() < bytes) {
            chunk = ByteBuffer.allocateDirect(bytes);
        }
        chunk.clear().limit(bytes);
        while (chunk.hasRemaining()) {
            if (channel.read(chunk) < 0) {
                throw new IOException("the connection ended");
            }
        }
        return chunk.flip();
    }

    /** A line, byte by byte: what is behind it is not a line. */
    static String line(SocketChannel channel) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        ByteBuffer one = ByteBuffer.allocate(1);
        while (channel.read(one.clear()) == 1) {
            if (one.get(0) == '\n') {
                return line.toString(StandardCharsets.UTF_8);
            }
            line.write(one.get(0));
        }
        throw new IOException("the connection ended");
    }

    /** Asks for its end, which comes behind what is on its way. Any thread. */
    public void stop() {
        try {
            channel.shutdownOutput();
        } catch (IOException e) { // it has ended
            LOG.debug("stopping a stream", e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("closing a stream", e);
        }
    }
}
