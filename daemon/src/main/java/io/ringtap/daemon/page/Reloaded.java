package io.ringtap.daemon.page;

/**
 * A reload of the configuration that is over.
 *
 * @param askedBy who asked for it
 * @param done whether it was taken; else what ran before runs on
 * @param text what has changed, or why it was refused
 */
public record Reloaded(String askedBy, boolean done, String text) {}
