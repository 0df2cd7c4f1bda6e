package io.ringtap.daemon.control;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Arrays;
import jdk.net.ExtendedSocketOptions;
import jdk.net.UnixDomainPrincipal;

/**
 * One client of the control socket: what it has sent of its request, what it has not yet taken of its answer, and by when
 * it must have moved. While an answer waits nothing more is read, so that one client holds at most one request's and
 * one answer's bytes. Owned by the control thread.
 */
final class ControlConnection {
    /** In place of interest operations: there is nothing more to do, close the channel. */
    static final int DONE = -1;

    /** In place of interest operations: the channel is another's by now. */
    static final int HANDED_OVER = -2;

    private static final int FIRST_BYTES = 1024;

    private enum Phase {
        IDLE,
        REQUEST,
        CALL,
        ANSWER
    }

    private final SocketChannel channel;
    private final ControlCalls calls;
    private final UnixDomainPrincipal client;
    private final ControlLimits limits;

    private final Runnable wake;

    private ByteBuffer input;
    private int scanned;
    private ByteBuffer output = ByteBuffer.allocate(0);
    private ControlCalls.Pending call; // null: none
    private boolean ending;
    private Phase phase = Phase.IDLE;
    private long deadlineNanos;

    /**
     * A client that has just come.
     *
     * @param wake has the control thread call {@link #advance}; called on any thread
     */
    ControlConnection(SocketChannel channel, ControlCalls calls, ControlLimits limits, long nowNanos, Runnable wake)
            throws IOException {
        this.wake = wake;
        this.channel = channel;
        this.client = channel.getOption(ExtendedSocketOptions.SO_PEERCRED);
        this.calls = calls;
        this.limits = limits;
        this.input = ByteBuffer.allocate(Math.min(FIRST_BYTES, limits.requestBytes() + 1));
        this.deadlineNanos = nowNanos + limits.idle().toNanos();
    }

    /** Returns when {@link #expire} is due, by the server's clock. */
    long deadlineNanos() {
        return deadlineNanos;
    }

    /** Moves what can be moved without waiting, one read at most. Returns what to wait for, or {@link #DONE}. */
    int advance(long nowNanos) throws IOException {
        if (output.hasRemaining()) {
            channel.write(output);
        }
        boolean answered = takeAnswer();
        answered |= answerLines();
        if (!ending && call == null && !output.hasRemaining()) {
            read();
            answered |= answerLines();
        }
        return isStreamed() ? HANDED_OVER : settle(nowNanos, answered);
    }

    private boolean isStreamed() {
        return call != null && call.stream().isPresent();
    }

    /** Has what streams begin; the channel is registered here no more. */
    void handOver() {
        call.stream().orElseThrow().begin(channel, terminated(call.line().join()));
    }

    /** The deadline has passed: tells the client why it is dropped, if it takes that. */
    int expire(long nowNanos) throws IOException {
        switch (phase) {
            case IDLE -> end("idle for " + ControlLimits.text(limits.idle()) + ": connect again");
            case REQUEST ->
                end("a request must be complete " + ControlLimits.text(limits.request()) + " after its first byte");
            case CALL -> {
                Duration limit = callLimit();
                call = null;
                end("a call must end within " + ControlLimits.text(limit));
            }
            case ANSWER -> {
                return DONE; // in the middle of a line, to a client that does not read
            }
        }
        return settle(nowNanos, true);
    }

    private void read() throws IOException {
        if (!input.hasRemaining()) {
            grow();
        }
        if (channel.read(input) >= 0) {
            return;
        }
        ending = true;
        if (input.position() > 0) {
            end("the request was cut short: it ends with a newline");
        }
    }

    private void grow() {
        int capacity = Math.min(input.capacity() * 2, limits.requestBytes() + 1);
        input = ByteBuffer.wrap(Arrays.copyOf(input.array(), capacity)).position(input.position());
    }

    /** Answers the whole lines that have come, until one waits to be taken. Returns whether there was one. */
    private boolean answerLines() throws IOException {
        int from = 0;
        while (!ending && call == null && !output.hasRemaining()) {
            int newline = newline();
            if (newline < 0) {
                break;
            }
            call = calls.answer(Arrays.copyOfRange(input.array(), from, newline), client);
            if (!takeAnswer() && !isStreamed()) {
                var _ = call.line().thenRun(wake);
            }
            from = newline + 1;
            scanned = from;
        }
        if (from > 0) {
            input.flip().position(from).compact();
            scanned = 0;
        } else if (!ending && scanned > limits.requestBytes()) {
            end("a request is at most " + limits.requestBytes() + " bytes");
        }
        return from > 0;
    }

    /** Sends the answer of a call that has ended. Whether there was one. */
    private boolean takeAnswer() throws IOException {
        if (call == null || isStreamed() || !call.line().isDone()) {
            return false;
        }
        byte[] answer = call.line().join();
        call = null;
        send(answer);
        return true;
    }

    private int newline() {
        for (; scanned < input.position(); scanned++) {
            if (input.get(scanned) == '\n') {
                return scanned;
            }
        }
        return -1;
    }

    private void end(String error) throws IOException {
        ending = true;
        send(ControlCalls.error(error));
    }

    private void send(byte[] line) throws IOException {
        output = ByteBuffer.wrap(terminated(line));
        channel.write(output);
    }

    private static byte[] terminated(byte[] line) {
        byte[] whole = Arrays.copyOf(line, line.length + 1);
        whole[line.length] = '\n';
        return whole;
    }

    private int settle(long nowNanos, boolean answered) {
        Phase next = phase();
        if (answered || next != phase) {
            deadlineNanos = nowNanos + limit(next).toNanos();
            phase = next;
        }
        return switch (next) {
            case CALL -> 0;
            case ANSWER -> SelectionKey.OP_WRITE;
            case IDLE, REQUEST -> ending ? DONE : SelectionKey.OP_READ;
        };
    }

    private Phase phase() {
        if (call != null) {
            return Phase.CALL;
        }
        if (output.hasRemaining()) {
            return Phase.ANSWER;
        }
        return input.position() > 0 ? Phase.REQUEST : Phase.IDLE;
    }

    private Duration limit(Phase of) {
        return switch (of) {
            case IDLE -> limits.idle();
            case REQUEST -> limits.request();
            case CALL -> callLimit();
            case ANSWER -> limits.answer();
        };
    }

    private Duration callLimit() {
        return call.limit().isZero() ? limits.call() : call.limit();
    }
}
