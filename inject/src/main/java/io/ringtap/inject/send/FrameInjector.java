package io.ringtap.inject.send;

import io.ringtap.capture.OpenException;
import io.ringtap.inject.config.Engine;
import io.ringtap.inject.replay.ReplayFrames;
import io.ringtap.inject.template.CompiledTemplate;
import io.ringtap.inject.template.FrameTemplate;
import io.ringtap.inject.template.StreamFrames;
import io.ringtap.ledger.GapCounts;
import java.nio.ByteBuffer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.NullMarked;
import org.pcap4j.util.MacAddress;

/** Sends frames out of an interface. Owned by one thread at a time, all methods. */
@NullMarked
public interface FrameInjector extends AutoCloseable {
    /** The hardware address of an interface that has none, such as the loopback: all zeros. */
    MacAddress NO_ADDRESS = MacAddress.getByAddress(new byte[MacAddress.SIZE_IN_BYTES]);

    /** The interface's name. */
    String interfaceName();

    /** The engine that it is. */
    Engine engine();

    /** The interface's own hardware address, or {@link #NO_ADDRESS}. */
    MacAddress address();

    /** The interface's MTU, in bytes, as it was when opened. A frame may be 14 bytes longer: its header does not count. */
    int mtuBytes();

    /**
     * Returns whether the interface is known to send nothing now: set down, or without carrier. False where that cannot be told.
     * Takes a microsecond at most.
     */
    boolean isLinkDown();

    /** Returns what frames count as while {@link #isLinkDown}. */
    default InjectResult downCause() {
        return InjectResult.LINK_DOWN;
    }

    /** Returns when nothing could go to the interface, as far as this injector tells; any thread. */
    default GapCounts gaps() {
        return GapCounts.NONE;
    }

    /** Makes the calling thread ready to send: called once, by the one that is going to. */
    default void prepareThread() {}

    /**
     * Sends a frame. May wait for room in the interface's queue, but not without a bound. Never throws.
     *
     * @param frame the whole frame from its destination address on, without frame check sequence; not kept
     */
    InjectResult inject(byte[] frame);

    /**
     * As {@link #inject(byte[])}, from off-heap memory. Engines that take it from there spare a copy.
     *
     * @param memory the same object for many frames of a stream; its position and limit are not used
     * @param offset where in it the frame begins
     * @param lengthBytes how long it is
     */
    default InjectResult inject(ByteBuffer memory, int offset, int lengthBytes) {
        byte[] frame = new byte[lengthBytes];
        memory.get(offset, frame);
        return inject(frame);
    }

    /**
     * Gives what sends the frames of a stream.
     *
     * @param epochNanos the time in nanoseconds since 1970, for frames that tell it
     * @throws OpenException if this engine cannot send such frames
     */
    default StreamSender sender(CompiledTemplate template, LongSupplier epochNanos) throws OpenException {
        return new SingleFrameSender(this, new StreamFrames(template, epochNanos));
    }

    /** As the other, of a template that is compiled for the interface's address. */
    default StreamSender sender(FrameTemplate template, LongSupplier epochNanos) throws OpenException {
        return sender(template.compile(address()), epochNanos);
    }

    /**
     * Gives what sends the frames of a capture file.
     *
     * @throws OpenException if this engine cannot send such frames
     */
    default StreamSender sender(ReplayFrames frames) throws OpenException {
        return new SingleFrameSender(this, frames);
    }

    /** Returns what was wrong with the last frame that was not sent, as the system said it; empty if there was none. */
    String failure();

    /** Releases it; idempotent. */
    @Override
    void close();
}
