package io.ringtap.inject.replay;

import java.util.Optional;
import org.pcap4j.util.MacAddress;

/**
 * The changes to each frame of a file. Checksums of IP, TCP and UDP cover none of it. Immutable.
 *
 * @param destination the destination address; absent: the file's
 * @param source the source address; absent: the file's
 * @param vlan what becomes of the outermost VLAN tag
 */
public record Rewrite(Optional<MacAddress> destination, Optional<MacAddress> source, VlanRewrite vlan) {
    /** Frames go as they are. */
    public static final Rewrite NONE = new Rewrite(Optional.empty(), Optional.empty(), VlanRewrite.NONE);
}
