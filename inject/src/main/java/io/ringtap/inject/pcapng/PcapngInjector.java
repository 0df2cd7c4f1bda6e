package io.ringtap.inject.pcapng;

import io.ringtap.frame.Frame;
import io.ringtap.handler.record.PcapngFile;
import io.ringtap.inject.config.Engine;
import io.ringtap.inject.send.FrameInjector;
import io.ringtap.inject.send.InjectResult;
import io.ringtap.inject.template.FrameTemplate;
import java.io.IOException;
import java.util.function.LongSupplier;
import org.pcap4j.util.MacAddress;

/** Writes frames to a pcapng file in place of sending them, each with the time that it is. */
public final class PcapngInjector implements FrameInjector {
    private final PcapngFile file;
    private final String interfaceName;
    private final MacAddress address;
    private final int mtuBytes;
    private final LongSupplier epochNanos;
    private String failure = "";

    /**
     * Stands for an interface.
     *
     * @param file where to; not closed with this
     * @param mtuBytes 0 for any
     * @param epochNanos the time in nanoseconds since 1970; asked for each frame
     */
    public PcapngInjector(
            PcapngFile file, String interfaceName, MacAddress address, int mtuBytes, LongSupplier epochNanos) {
        this.file = file;
        this.interfaceName = interfaceName;
        this.address = address;
        this.mtuBytes = mtuBytes;
        this.epochNanos = epochNanos;
    }

    @Override
    public String interfaceName() {
        return interfaceName;
    }

    @Override
    public MacAddress address() {
        return address;
    }

    @Override
    public int mtuBytes() {
        return mtuBytes;
    }

    /** The one in whose place it stands. */
    @Override
    public Engine engine() {
        return Engine.SENDPACKET;
    }

    @Override
    public boolean isLinkDown() {
        return false;
    }

    @Override
    public InjectResult inject(byte[] frame) {
        if (frame.length < FrameTemplate.HEADER_BYTES) { // as an interface would say
            failure = "";
            return InjectResult.TOO_SHORT;
        }
        try {
            file.append(Frame.of(frame, frame.length, epochNanos.getAsLong(), interfaceName));
            return InjectResult.SENT;
        } catch (IOException e) {
            failure = e.toString();
            return InjectResult.OTHER;
        }
    }

    @Override
    public String failure() {
        return failure;
    }

    @Override
    public void close() {}
}
