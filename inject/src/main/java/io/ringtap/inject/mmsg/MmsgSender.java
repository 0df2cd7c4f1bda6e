package io.ringtap.inject.mmsg;

import io.ringtap.inject.StreamSender;
import io.ringtap.inject.template.FrameBatch;
import java.lang.foreign.MemorySegment;

/** Makes a stream's frames a batch at a time, and sends what of the batch is left. */
final class MmsgSender implements StreamSender {
    private final MmsgInjector injector;
    private final FrameBatch batch;
    private final Messages messages = new Messages(MmsgInjector.BATCH_FRAMES);
    private int next;
    private int end;

    MmsgSender(MmsgInjector injector, FrameBatch batch) {
        this.injector = injector;
        this.batch = batch;
        long memory = MemorySegment.ofBuffer(batch.memory().duplicate().clear()).address();
        for (int i = 0; i < MmsgInjector.BATCH_FRAMES; i++) {
            messages.place(i, memory + batch.offset(i));
        }
    }

    @Override
    public int mostFrames() {
        return MmsgInjector.BATCH_FRAMES;
    }

    @Override
    public void send(int frames, Outcomes outcomes) {
        if (next == end) {
            fill(frames);
        }
        int sent = injector.send(messages, next, Math.min(frames, end - next));
        if (sent > 0) {
            next += sent;
            outcomes.sent(sent);
        } else {
            next++;
            outcomes.failed(injector.result(), 1, injector.failure());
        }
    }

    private void fill(int frames) {
        batch.fill(frames);
        for (int i = 0; i < frames; i++) {
            messages.length(i, batch.length(i));
        }
        next = 0;
        end = frames;
    }

    @Override
    public void skip(int frames) {
        int made = Math.min(frames, end - next);
        next += made;
        batch.skip(frames - made);
    }
}
