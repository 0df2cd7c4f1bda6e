package io.ringtap.inject.stream;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Frames that wait to be sent: bounded, many producers, one consumer, none of whom ever waits. A producer claims a slot
 * by moving the tail on, then fills it. Closing sets the tail's sign, so that every frame is either refused or there for
 * the consumer: none can slip in behind its back.
 */
final class InjectRing {
    private static final long CLOSED = Long.MIN_VALUE;

    private final AtomicReferenceArray<byte[]> slots;
    private final int mask;
    private final AtomicLong head = new AtomicLong();
    private final AtomicLong tail = new AtomicLong();

    /** The outcome of an offer of a frame. */
    enum Offer {
        TAKEN,
        FULL,
        CLOSED
    }

    /** A ring of at least so many frames. */
    InjectRing(int frames) {
        int capacity = Integer.highestOneBit(Math.max(2, frames) - 1) << 1;
        slots = new AtomicReferenceArray<>(capacity);
        mask = capacity - 1;
    }

    /** Takes the frame itself, not a copy; any thread. */
    Offer offer(byte[] frame) {
        long claimed;
        do {
            claimed = tail.get();
            if (claimed < 0) {
                return Offer.CLOSED;
            }
            if (claimed - head.get() > mask) {
                return Offer.FULL;
            }
        } while (!tail.compareAndSet(claimed, claimed + 1));
        slots.set((int) claimed & mask, frame);
        return Offer.TAKEN;
    }

    /** The oldest frame, removed; null if there is none, or its producer has claimed its slot but not filled it yet. */
    byte[] poll() {
        long at = head.get();
        int slot = (int) at & mask;
        byte[] frame = slots.get(slot);
        if (frame != null) {
            slots.lazySet(slot, null);
            head.set(at + 1);
        }
        return frame;
    }

    /** The frame that {@link #poll} would give after so many others; null if it is not there yet, or the ring is shorter. */
    byte[] peek(int after) {
        return after > mask ? null : slots.get((int) (head.get() + after) & mask);
    }

    /** Returns whether {@link #poll} would give a frame; for the consumer. */
    boolean isReady() {
        return peek(0) != null;
    }

    /** Frames whose slot a producer has claimed and the consumer has not emptied; any thread. */
    long size() {
        long before = head.get();
        return (tail.get() & ~CLOSED) - before;
    }

    /** Refuses every further frame; what was claimed before can still be polled. Idempotent. */
    void close() {
        tail.getAndUpdate(t -> t | CLOSED);
    }
}
