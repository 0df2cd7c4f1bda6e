package io.ringtap.ledger;

/**
 * The progress of a thread, for whoever watches that it moves. One that has work before it, and at two looks stands where it
 * stood, did nothing in between.
 *
 * @param thread the thread's name
 * @param position rises with what it does; says nothing else
 * @param busy whether it has work before it; one that waits for some need not move
 */
public record Progress(String thread, long position, boolean busy) {}
