package io.ringtap.inject.mmsg;

import io.ringtap.inject.template.FrameBatch;
import java.lang.foreign.MemorySegment;

/** Sends a stream's frames by sendmmsg(2). */
final class MmsgSender extends BatchSender {
    private final MmsgInjector injector;
    private final FrameBatch batch;
    private final Messages messages = new Messages(MmsgInjector.BATCH_FRAMES);

    MmsgSender(MmsgInjector injector, FrameBatch batch) {
        super(injector);
        this.injector = injector;
        this.batch = batch;
        long memory = MemorySegment.ofBuffer(batch.memory().duplicate().clear()).address();
        for (int i = 0; i < MmsgInjector.BATCH_FRAMES; i++) {
            messages.place(i, memory + batch.offset(i));
        }
    }

    @Override
    int attempt(long first, int frames) {
        for (int i = 0; i < frames; i++) {
            messages.length(i, batch.put(i, first + i));
        }
        return injector.send(messages, frames);
    }
}
