package io.ringtap.ledger;

/**
 * How far a thread has come, for whoever watches whether it moves. One that has work before it, and at two looks stands
 * where it stood, did nothing in between.
 *
 * @param thread the thread's name
 * @param position rises with what it does; says nothing else
 * @param busy whether it has work before it; one that waits for some need not move
 */
public record Progress(String thread, long position, boolean busy) {}
