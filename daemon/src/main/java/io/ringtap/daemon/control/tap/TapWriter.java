package io.ringtap.daemon.control.tap;

import com.google.gson.JsonObject;
import io.ringtap.capture.ring.tap.TapQueue;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a live tap's frames to its client: the answer's line; chunks of pcapng, each behind its length, a big-endian integer of four
 * bytes; a length of 0; and a line that says what it came to. For the tap's thread.
 */
final class TapWriter {
    private static final Logger LOG = LoggerFactory.getLogger("io.ringtap.control");

    private static final int CHUNK_BYTES = 1 << 20;

    /** After a chunk that was not full: neither the queues nor who watches are in a hurry. */
    private static final long LOOK_MILLIS = 10;

    private static final long STATISTICS_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** What a client has to take the rest, once it is to end. */
    private static final long END_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final String BY_READER = "its reader has ended it";

    private final LiveTap tap;
    private final SocketChannel channel;
    private final ByteBuffer out = ByteBuffer.allocateDirect(CHUNK_BYTES).order(ByteOrder.nativeOrder());
    private final ByteBuffer ignored = ByteBuffer.allocate(64);
    private final long startNanos = System.nanoTime();
    private long statisticsNanos = startNanos;
    private long written;
    private boolean readerEnded;
    private long endNanos;

    TapWriter(LiveTap tap, SocketChannel channel) {
        this.tap = tap;
        this.channel = channel;
    }

    /** Writes until the client goes, or the tap is to end. */
    void write(byte[] answer) {
        try (channel;
                Selector selector = Selector.open()) {
            SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
            out.put(answer);
            out.flip();
            writeAll(key);
            beginChunk();
            TapBlocks.header(
                    out, tap.interfaces(), tap.request().filter(), tap.request().snaplenBytes());
            writeChunk(key);
            writeFrames(key);
            writeEnd(key);
        } catch (IOException e) { // the client is gone
            LOG.debug("control: a tap's client went away", e);
            tap.end(BY_READER);
        }
    }

    /** Ends the connection without a word. */
    void drop() {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("closing a tap's channel", e);
        }
    }

    private void writeFrames(SelectionKey key) throws IOException {
        while (!isEnding()) {
            beginChunk();
            addStatistics(System.nanoTime());
            boolean full = addFrames();
            writeChunk(key);
            tap.releaseEmpty();
            if (!full && !isEnding()) {
                await(key, SelectionKey.OP_READ, LOOK_MILLIS);
            }
        }
    }

    /** What was captured until now is written, if the client takes it in time. */
    private void writeEnd(SelectionKey key) throws IOException {
        tap.detach();
        boolean full = true;
        while (full) {
            beginChunk();
            full = addFrames();
            writeChunk(key);
        }
        beginChunk();
        putStatistics();
        writeChunk(key);
        JsonObject end = new JsonObject();
        end.addProperty("frames", written);
        end.addProperty("shed", tap.shed());
        end.addProperty("reason", tap.told());
        out.clear();
        out.putInt(0).put((end + "\n").getBytes(StandardCharsets.UTF_8)).flip();
        writeAll(key);
    }

    private void beginChunk() {
        out.clear().position(Integer.BYTES);
    }

    /** Writes what is in it, if anything is. */
    private void writeChunk(SelectionKey key) throws IOException {
        int length = out.position() - Integer.BYTES;
        if (length > 0) {
            out.order(ByteOrder.BIG_ENDIAN).putInt(0, length).order(ByteOrder.nativeOrder());
            out.flip();
            writeAll(key);
        }
    }

    private void addStatistics(long now) {
        if (now - statisticsNanos >= STATISTICS_NANOS) {
            statisticsNanos = now;
            putStatistics();
        }
    }

    private void putStatistics() {
        Instant now = Instant.now();
        long epochNanos = TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
        long shed = tap.shed();
        TapBlocks.statistics(out, LiveTap.CAPTURED, epochNanos, tap.queued() + shed, shed);
    }

    /** Adds frames in the order of their times; whether there may be more than there was room for. */
    private boolean addFrames() {
        while (!hasAll()) {
            TapQueue queue = tap.oldest();
            if (queue == null) {
                return false;
            }
            if (!queue.moveTo(out)) {
                return true;
            }
            written++;
        }
        return false;
    }

    private boolean hasAll() {
        return tap.request().count() > 0 && written >= tap.request().count();
    }

    private boolean isEnding() {
        if (hasAll()) {
            tap.end("it has all frames that it was to have");
        }
        Duration duration = tap.request().duration();
        if (duration.isPositive() && System.nanoTime() - startNanos >= duration.toNanos()) {
            tap.end("its time is over");
        }
        String why = tap.told();
        if (!why.isEmpty() && endNanos == 0) {
            tap.end(why);
            endNanos = System.nanoTime() + END_NANOS;
        }
        return !why.isEmpty();
    }

    /** Writes, for as long as the client takes; or, once it is to end, a little longer. */
    private void writeAll(SelectionKey key) throws IOException {
        while (true) {
            channel.write(out);
            if (!out.hasRemaining()) {
                return;
            }
            if (isEnding() && System.nanoTime() - endNanos >= 0) {
                throw new IOException("the client does not read");
            }
            await(key, SelectionKey.OP_READ | SelectionKey.OP_WRITE, LOOK_MILLIS);
        }
    }

    /** Waits until something can be done, or the client is seen to have ended what it sends. */
    private void await(SelectionKey key, int interest, long millis) throws IOException {
        key.interestOps(readerEnded ? interest & ~SelectionKey.OP_READ : interest);
        key.selector().select(millis);
        key.selector().selectedKeys().clear();
        if (!readerEnded && channel.read(ignored.clear()) < 0) {
            readerEnded = true;
            tap.end(BY_READER);
        }
    }
}
