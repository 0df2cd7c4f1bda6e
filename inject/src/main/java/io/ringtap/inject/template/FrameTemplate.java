package io.ringtap.inject.template;

import java.util.Optional;
import org.pcap4j.util.MacAddress;

/**
 * What a stream's frames hold.
 *
 * @param destination the destination address
 * @param source the source address; absent for the sending interface's own
 * @param etherType 0x0600 to 0xffff
 * @param payload hexadecimal digits, two a byte, with or without white space between bytes
 */
public record FrameTemplate(MacAddress destination, Optional<MacAddress> source, int etherType, String payload) {}
