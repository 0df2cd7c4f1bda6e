package io.ringtap.inject.send;

import io.ringtap.inject.config.Engine;
import java.nio.ByteBuffer;
import org.pcap4j.util.MacAddress;

/** Takes every frame, and sends none. */
public class NowhereInjector implements FrameInjector {
    /** The hardware address that it says it has. */
    public static final MacAddress ADDRESS = MacAddress.getByAddress(new byte[] {2, 0, 0, 0, 0, 1});

    private final String interfaceName;

    /** One that bears the name of an interface. */
    public NowhereInjector(String interfaceName) {
        this.interfaceName = interfaceName;
    }

    @Override
    public String interfaceName() {
        return interfaceName;
    }

    @Override
    public Engine engine() {
        return Engine.SENDPACKET;
    }

    @Override
    public MacAddress address() {
        return ADDRESS;
    }

    @Override
    public int mtuBytes() {
        return 0;
    }

    @Override
    public boolean isLinkDown() {
        return false;
    }

    @Override
    public InjectResult inject(byte[] frame) {
        return InjectResult.SENT;
    }

    @Override
    public InjectResult inject(ByteBuffer memory, int offset, int lengthBytes) {
        return InjectResult.SENT;
    }

    @Override
    public String failure() {
        return "";
    }

    @Override
    public void close() {}
}
