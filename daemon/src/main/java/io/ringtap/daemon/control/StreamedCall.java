package io.ringtap.daemon.control;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.nio.channels.SocketChannel;
import java.util.function.Function;

/** A call whose answer is followed by bytes without end: its connection leaves the control thread. */
public final class StreamedCall implements Function<JsonObject, JsonElement> {
    private final Opener opener;

    /** Opens the stream that a request asks for; on the control thread, so it must be quick. */
    public interface Opener {
        /**
         * Opens it.
         *
         * @param user who asks, for people
         * @throws ControlRefusal if it cannot be had
         */
        Streamed open(JsonObject request, String user);
    }

    /** A stream that is open, and waits for {@link #begin}. */
    public interface Streamed {
        /** What the answer holds. */
        JsonElement result();

        /**
         * Takes the connection over, and returns at once.
         *
         * @param channel the client's, not blocking; to be closed
         * @param answer what is to be written first
         */
        void begin(SocketChannel channel, byte[] answer);
    }

    /** A call that opens streams. */
    public StreamedCall(Opener opener) {
        this.opener = opener;
    }

    Streamed open(JsonObject request, String user) {
        return opener.open(request, user);
    }

    @Override
    public JsonElement apply(JsonObject request) {
        throw new UnsupportedOperationException("a stream needs a connection");
    }
}
