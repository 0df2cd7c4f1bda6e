package io.ringtap.capture.ring;

/** A slot of the ring: where in the slab its frame is. Written by the capture thread before it is published. */
final class FrameSlot {
    /** The frame's place in the endless stream of slab bytes; its offset is this modulo the slab's size. */
    long position;

    int captured;
    int original;
    long timestampNanos;
}
