package io.ringtap.inject.mmsg;

import io.ringtap.inject.replay.ReplayFrames;
import io.ringtap.inject.send.StreamSender;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.function.IntUnaryOperator;

/** Sends a file's frames from where they lie, as many at once as lie in the same memory. */
final class ReplaySender implements StreamSender {
    private final MmsgInjector injector;
    private final ReplayFrames frames;
    private final Messages messages = new Messages(MmsgInjector.BATCH_FRAMES);
    private final IntUnaryOperator attempt = this::attempt;
    private ByteBuffer memory;
    private long address;
    private int next;
    private int end;

    ReplaySender(MmsgInjector injector, ReplayFrames frames) {
        this.injector = injector;
        this.frames = frames;
    }

    @Override
    public int mostFrames() {
        return MmsgInjector.BATCH_FRAMES;
    }

    @Override
    public void send(int count, Outcomes outcomes) {
        int used = count; // all of them, if anything throws
        try {
            if (next == end) {
                gather(count);
            }
            used = attempt(count, outcomes);
        } finally {
            skip(used);
        }
    }

    private int attempt(int count, Outcomes outcomes) {
        int sent = injector.insist(attempt, Math.min(count, end - next));
        if (sent > 0) {
            outcomes.sent(sent);
            return sent;
        }
        outcomes.failed(injector.result(messages.length(next)), 1, injector.failure());
        return 1;
    }

    private int attempt(int count) {
        return injector.send(messages, next, count);
    }

    /** Stops before the memory changes: what was gathered must stay where it is until it is sent. */
    private void gather(int count) {
        next = 0;
        end = 0;
        do {
            frames.advance();
            messages.place(end, addressOf(frames.memory()) + frames.offset());
            messages.length(end, frames.length());
            end++;
        } while (end < count && !frames.isLastInMemory());
    }

    @SuppressWarnings("ReferenceEquality") // the same memory, whatever it holds
    private long addressOf(ByteBuffer given) {
        if (given != memory) {
            address = MemorySegment.ofBuffer(given.duplicate().clear()).address();
            memory = given;
        }
        return address;
    }

    @Override
    public void skip(int count) {
        int gathered = Math.min(count, end - next);
        next += gathered;
        frames.skip(count - gathered);
    }
}
