package io.ringtap.inject.kernel;

import io.ringtap.capture.OpenException;
import io.ringtap.capture.OpenException.Reason;
import io.ringtap.capture.pcap.AwaitedInterface;
import io.ringtap.inject.config.Engine;
import io.ringtap.inject.replay.ReplayFrames;
import io.ringtap.inject.send.FrameInjector;
import io.ringtap.inject.send.InjectResult;
import io.ringtap.inject.send.StreamSender;
import io.ringtap.inject.template.FrameTemplate;
import io.ringtap.ledger.Gap.Cause;
import io.ringtap.ledger.GapCounts;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.pcap4j.util.MacAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends on an interface that may be missing, go, and come back under the same name: then it is opened anew, in {@link
 * #isLinkDown}, which whoever sends asks again and again. Streams go on with the frame that is next, with the address that
 * the interface has now. Any thread may ask for {@link #gaps}.
 */
public final class ReopeningInjector implements FrameInjector, AwaitedInterface.User {
    private static final Logger LOG = LoggerFactory.getLogger("io.ringtap.inject");

    private final String interfaceName;
    private final Engine engine;
    private final Opener opener;
    private final AwaitedInterface awaited;
    private final List<ReopeningSender> senders = new ArrayList<>();

    private FrameInjector current; // null: none
    private int index;
    private boolean closed;

    /** Opens the interface. */
    @FunctionalInterface
    public interface Opener {
        /** Gives what sends on it, or says what is wrong. */
        FrameInjector open() throws OpenException;
    }

    private ReopeningInjector(String interfaceName, Engine engine, Opener opener) {
        this.interfaceName = interfaceName;
        this.engine = engine;
        this.opener = opener;
        awaited = new AwaitedInterface(interfaceName, "streams on " + interfaceName, LOG::warn, this);
    }

    /**
     * Opens the interface; one that is missing or down is waited for.
     *
     * @param engine what the opener opens
     * @throws OpenException if it is there and cannot be opened
     */
    public static ReopeningInjector open(String interfaceName, Engine engine, Opener opener) throws OpenException {
        ReopeningInjector injector = new ReopeningInjector(interfaceName, engine, opener);
        try {
            injector.awaited.open();
        } catch (OpenException e) {
            if (!AwaitedInterface.isAway(e)) {
                injector.close();
                throw e;
            }
            injector.awaited.await(e);
        }
        return injector;
    }

    /** With the senders of all streams. */
    @Override
    public int open() throws OpenException {
        int before = awaited.index();
        FrameInjector opened = opener.open();
        try {
            for (ReopeningSender sender : senders) {
                sender.prepare(opened);
            }
            if (before != awaited.index()) { // which of the two it is bound to nobody knows
                throw new OpenException(Reason.NO_SUCH_INTERFACE, interfaceName + " went while it was opened");
            }
        } catch (OpenException | RuntimeException | Error e) {
            opened.close();
            throw e;
        }
        index = before;
        current = opened;
        senders.forEach(ReopeningSender::goOn);
        return index;
    }

    @Override
    public void leave() {
        senders.forEach(ReopeningSender::leave);
        current.close();
        current = null;
    }

    void forget(ReopeningSender sender) {
        senders.remove(sender);
    }

    @Override
    public String interfaceName() {
        return interfaceName;
    }

    @Override
    public Engine engine() {
        return engine;
    }

    /** That of the interface as it was opened last; all zeros before the first time. */
    @Override
    public MacAddress address() {
        return current == null ? NO_ADDRESS : current.address();
    }

    /** As it was opened last; 0 while there is none. */
    @Override
    public int mtuBytes() {
        return current == null ? 0 : current.mtuBytes();
    }

    @Override
    public void prepareThread() {
        if (current == null) {
            WakeUps.prepareThread();
        } else {
            current.prepareThread();
        }
    }

    @Override
    public boolean isLinkDown() {
        awaited.look();
        return awaited.trouble().isPresent();
    }

    @Override
    public InjectResult downCause() {
        boolean isThere = awaited.trouble()
                .filter(cause -> cause == Cause.DOWN || cause == Cause.NO_CARRIER)
                .isPresent();
        return isThere ? InjectResult.LINK_DOWN : InjectResult.MISSING;
    }

    @Override
    public GapCounts gaps() {
        return awaited.gaps();
    }

    @Override
    public InjectResult inject(byte[] frame) {
        return current == null ? InjectResult.MISSING : result(current.inject(frame));
    }

    @Override
    public InjectResult inject(ByteBuffer memory, int offset, int lengthBytes) {
        return current == null ? InjectResult.MISSING : result(current.inject(memory, offset, lengthBytes));
    }

    /** Returns what a send comes to: the kernel has no clear word for an interface that is gone. */
    InjectResult result(InjectResult result) {
        return result == InjectResult.OTHER && awaited.index() != index ? InjectResult.MISSING : result;
    }

    @Override
    public StreamSender sender(FrameTemplate template, LongSupplier epochNanos) throws OpenException {
        return add(new ReopeningSender(this, opened -> opened.sender(template, epochNanos)));
    }

    @Override
    public StreamSender sender(ReplayFrames frames) throws OpenException {
        return add(new ReopeningSender(this, frames));
    }

    private StreamSender add(ReopeningSender sender) throws OpenException {
        if (current != null) {
            sender.prepare(current);
            sender.goOn();
        }
        senders.add(sender);
        return sender;
    }

    @Override
    public String failure() {
        return current == null ? "" : current.failure();
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            if (current != null) {
                current.close();
            }
            awaited.close();
        }
    }
}
