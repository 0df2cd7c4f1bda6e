package io.ringtap.inject.stream;

import io.ringtap.frame.FrameSender;
import io.ringtap.inject.pace.Allowance;
import io.ringtap.ledger.InjectCounts;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.IntUnaryOperator;
import java.util.function.LongSupplier;
import java.util.function.LongToIntFunction;

/** The frames that handlers send: a ring between their threads and the inject thread. */
public final class HandlerStream implements InjectStream, FrameSender {
    private final StreamOutput output;
    private final InjectRing ring;
    private final Allowance allowance;
    private final Runnable wake;
    private final LongSupplier clockNanos;
    private final LongToIntFunction lengthOf;
    private final IntUnaryOperator waiting = this::waiting;

    /** A stream that calls {@code wake}, on the sender's thread, for each frame it takes. */
    HandlerStream(StreamOutput output, InjectRing ring, Allowance allowance, Runnable wake, LongSupplier clockNanos) {
        this.output = output;
        this.ring = ring;
        this.allowance = allowance;
        this.wake = wake;
        this.clockNanos = clockNanos;
        this.lengthOf = after -> ring.peek((int) after).length;
    }

    @Override
    public boolean send(byte[] frame) {
        InjectRing.Offer offer = ring.offer(frame.clone());
        if (offer != InjectRing.Offer.TAKEN) {
            output.refuse(offer);
            return false;
        }
        wake.run();
        return true;
    }

    /** Refuses every further frame. */
    @Override
    public void close() {
        ring.close();
        allowance.close();
    }

    @Override
    public boolean isDue(long nowNanos) {
        return ring.isReady() && (allowance.isOpen(nowNanos) || output.isLinkDown());
    }

    @Override
    public void turn(int limit, long nowNanos, BooleanSupplier mayGoOn) {
        for (int i = 0; i < limit && mayGoOn.getAsBoolean() && ring.isReady() && mayGo(); i++) {
            output.send(ring.poll());
        }
    }

    private boolean mayGo() {
        return !allowance.isLimited()
                || output.isLinkDown()
                || allowance.grant(1, waiting, 0, lengthOf, clockNanos.getAsLong()) == 1;
    }

    private int waiting(int most) {
        int there = 0;
        while (there < most && ring.peek(there) != null) {
            there++;
        }
        return there;
    }

    /** Returns whoever sends a frame wakes the loop; one that waits for the interface's limit does not. */
    @Override
    public long waitNanos(long nowNanos) {
        return ring.isReady() ? allowance.waitNanos(nowNanos) : Long.MAX_VALUE;
    }

    @Override
    public boolean isLeft() {
        return ring.size() > 0;
    }

    @Override
    public void abandon() {
        output.abandon(ring.size());
    }

    @Override
    public InjectCounts counts() {
        return output.counts(Optional.empty());
    }
}
