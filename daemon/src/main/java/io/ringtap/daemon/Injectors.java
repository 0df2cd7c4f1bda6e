package io.ringtap.daemon;

import io.ringtap.capture.OpenException;
import io.ringtap.inject.config.Engine;
import io.ringtap.inject.mmsg.MmsgInjector;
import io.ringtap.inject.pcap.PcapInjector;
import io.ringtap.inject.send.FrameInjector;
import io.ringtap.inject.xdp.XdpInjector;

/** Opens interfaces for sending, by the engine that is asked for. */
public final class Injectors {
    private Injectors() {}

    /** Opens an interface. @throws OpenException as the engine says */
    public static FrameInjector open(String interfaceName, Engine engine) throws OpenException {
        return switch (engine) {
            case SENDPACKET -> PcapInjector.open(interfaceName);
            case MMSG -> MmsgInjector.open(interfaceName, false);
            case MMSG_BYPASS -> MmsgInjector.open(interfaceName, true);
            case XDP -> XdpInjector.open(interfaceName);
        };
    }
}
