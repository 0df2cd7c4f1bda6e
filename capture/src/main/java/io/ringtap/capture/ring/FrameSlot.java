package io.ringtap.capture.ring;

/**
 * A slot of a ring: where in the slab its frame is. Written before it is published, by the ring's one writer: the capture
 * thread, or a detached worker's feed.
 */
final class FrameSlot {
    /** The frame's place in the endless stream of slab bytes; its offset is this modulo the slab's size. */
    long position;

    int captured;
    int original;
    long timestampNanos;
}
