package io.ringtap.inject.kernel;

import io.ringtap.capture.OpenException;
import io.ringtap.capture.OpenException.Reason;
import io.ringtap.capture.pcap.InterfaceQuery;
import io.ringtap.inject.send.FrameInjector;
import org.pcap4j.util.MacAddress;

/**
 * An interface that engines send on, as it was when they were opened.
 *
 * @param index its number in its network namespace
 * @param address its hardware address; all zeros if it has none, as the loopback
 * @param mtuBytes its MTU; 0 if the kernel cannot be asked
 */
public record SendingInterface(String name, int index, MacAddress address, int mtuBytes) {
    private static final String ACTION = "cannot send on ";

    /** Looks it up. @throws OpenException if it is missing, or no Ethernet interface */
    public static SendingInterface of(String name) throws OpenException {
        try (InterfaceQuery query = InterfaceQuery.open()) {
            int index = query.index(name);
            if (index == 0) {
                throw new OpenException(
                        Reason.NO_SUCH_INTERFACE,
                        ACTION + name + ": there is no such interface; see what there is by: ringtap devices");
            }
            String type = query.linkType(name).orElse("ethernet");
            if (!type.equals("ethernet")) {
                throw new OpenException(
                        Reason.OTHER,
                        ACTION + name + ": its link type is " + type
                                + ", and ringtap takes Ethernet only; name an Ethernet interface");
            }
            return new SendingInterface(
                    name,
                    index,
                    query.ethernetAddress(name).orElse(FrameInjector.NO_ADDRESS),
                    query.mtuBytes(name).orElse(0));
        }
    }

    /** Returns what could not be done on it, and why, in a line. */
    public OpenException failure(Reason reason, String why) {
        return new OpenException(reason, ACTION + name + ": " + why);
    }
}
