package io.ringtap.inject.kernel;

import io.ringtap.capture.pcap.InterfaceQuery;
import io.ringtap.inject.send.FrameInjector;
import org.jspecify.annotations.NullMarked;
import org.pcap4j.util.MacAddress;

/** The part that all engines have in common: they know the interface that they send on. */
@NullMarked
public abstract class InterfaceInjector implements FrameInjector {
    private final String name;
    private final MacAddress address;
    private final int mtuBytes;

    /** Stays open: it is asked thousands of times a second. */
    private final InterfaceQuery query = InterfaceQuery.shared();

    private boolean closed;

    protected InterfaceInjector(SendingInterface to) {
        this(to.name(), to.address(), to.mtuBytes());
    }

    /** An interface as it was when opened; see {@link FrameInjector}. */
    protected InterfaceInjector(String name, MacAddress address, int mtuBytes) {
        this.name = name;
        this.address = address;
        this.mtuBytes = mtuBytes;
    }

    @Override
    public final String interfaceName() {
        return name;
    }

    @Override
    public final MacAddress address() {
        return address;
    }

    @Override
    public final int mtuBytes() {
        return mtuBytes;
    }

    @Override
    public void prepareThread() {
        WakeUps.prepareThread();
    }

    @Override
    public boolean isLinkDown() {
        return !closed && query.isDown(name);
    }

    /** The MTU now; what it was if the interface is gone. */
    protected final int mtuBytesNow() {
        return query.mtuBytes(name).orElse(mtuBytes);
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            query.close();
        }
    }
}
