package io.ringtap.inject.mmsg;

import io.ringtap.inject.kernel.Errno;
import io.ringtap.inject.template.CompiledTemplate;
import io.ringtap.inject.template.FrameBatch;
import java.util.function.LongSupplier;

/** Sends a stream's frames through a ring of its own, in whose slots they are made. */
final class RingSender extends BatchSender {
    private final MmsgInjector injector;
    private final TransmitRing ring;
    private final FrameBatch batch;

    /** What of a frame does not count against the MTU. */
    private final int headerBytes;

    RingSender(MmsgInjector injector, TransmitRing ring, CompiledTemplate template, LongSupplier epochNanos) {
        super(injector);
        this.injector = injector;
        this.ring = ring;
        this.batch =
                new FrameBatch(template, epochNanos, ring.slots(), ring.memory(), TransmitRing.FRAME, ring.slotBytes());
        this.headerBytes = template.longestBytes() - template.neededMtuBytes();
    }

    @Override
    public void close() {
        injector.close(ring);
    }

    @Override
    int attempt(long first, int frames) {
        int free = ring.free(frames);
        int mostBytes = injector.mostMtuBytes() + headerBytes;
        int made = 0;
        while (made < free) {
            int slot = ring.slot(made);
            int length = batch.put(slot, first + made);
            if (length > mostBytes) {
                break;
            }
            ring.length(slot, length);
            made++;
        }
        return made == 0 && free > 0 ? -Errno.EMSGSIZE : ring.send(made);
    }
}
