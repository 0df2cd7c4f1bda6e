package io.ringtap.inject.config;

/**
 * The most that an interface sends: all streams and handlers together, whatever engine sends their frames.
 *
 * @param interfaceName the interface
 * @param maxRate so much a second
 */
public record InterfaceLimit(String interfaceName, SendRate maxRate) {}
