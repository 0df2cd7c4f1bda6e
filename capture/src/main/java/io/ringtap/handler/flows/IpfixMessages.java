package io.ringtap.handler.flows;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Puts flows and counts into messages of IPFIX (RFC 7011), of one session and observation domain: both directions of a flow are one
 * record, by RFC 5103. Messages go out when they are full, or at {@link #flush}. One thread.
 */
public final class IpfixMessages {
    private static final int VERSION = 10;
    private static final int HEADER_BYTES = 16;
    private static final int SET_HEADER_BYTES = 4;
    private static final int TEMPLATE_SET = 2;
    private static final int OPTIONS_TEMPLATE_SET = 3;

    /** A flow's template is this and its shape ({@link FlowKey}); 255 and less are sets of another kind. */
    private static final int FIRST_TEMPLATE = 256;

    private static final int FRAMES_TEMPLATE = 270;
    private static final int EXPORT_TEMPLATE = 271;
    private static final int LONGEST_NAME = 64;

    private final ByteBuffer message;
    private final int domain;
    private final LongSupplier epochSeconds;
    private final Sink sink;
    private final FlowEntry flow = new FlowEntry();
    private int openTemplate;
    private int setStart;
    private int recordsInMessage;
    private int flowsInMessage;
    private int sequence;

    /** Takes messages. */
    @FunctionalInterface
    public interface Sink {
        /** Sends a message; the buffer is the sender's again when this returns. */
        void send(ByteBuffer message, int flows);
    }

    /**
     * A session that has sent nothing yet.
     *
     * @param domain the observation domain's id, 32 bits
     * @param mostBytes what a message may have
     * @param epochSeconds the time, in seconds since 1970
     */
    public IpfixMessages(int domain, int mostBytes, LongSupplier epochSeconds, Sink sink) {
        this.domain = domain;
        this.epochSeconds = epochSeconds;
        this.sink = sink;
        message = ByteBuffer.allocate(mostBytes);
        clear();
    }

    private void clear() {
        message.clear().position(HEADER_BYTES);
        openTemplate = 0;
        recordsInMessage = 0;
        flowsInMessage = 0;
    }

    /** Forgets what is not sent, and begins a session anew. */
    public void restart() {
        clear();
        sequence = 0;
    }

    /** Sends what there is. */
    public void flush() {
        if (message.position() == HEADER_BYTES) {
            return;
        }
        closeSet();
        message.putShort(0, (short) VERSION)
                .putShort(2, (short) message.position())
                .putInt(4, (int) epochSeconds.getAsLong())
                .putInt(8, sequence)
                .putInt(12, domain);
        sequence += recordsInMessage;
        int flows = flowsInMessage;
        sink.send(message.flip(), flows);
        clear();
    }

    private void openSet(int id) {
        if (openTemplate != id) {
            closeSet();
            setStart = message.position();
            message.putShort((short) id).putShort((short) 0);
            openTemplate = id;
        }
    }

    private void closeSet() {
        if (openTemplate != 0) {
            message.putShort(setStart + 2, (short) (message.position() - setStart));
            openTemplate = 0;
        }
    }

    /** Sends all templates, in messages of their own. */
    public void templates() {
        flush();
        for (int shape = FlowKey.SHAPE_MAC; shape <= FlowKey.SHAPE_IPV6_ICMP; shape++) {
            template(FIRST_TEMPLATE + shape, IpfixField.of(shape), 0);
        }
        template(FRAMES_TEMPLATE, IpfixField.FRAMES, 2);
        template(EXPORT_TEMPLATE, IpfixField.EXPORT, 1);
        flush();
    }

    /** One with scope fields at its beginning is an options template. */
    private void template(int id, List<IpfixField> fields, int scopes) {
        int bytes = SET_HEADER_BYTES + 6 + 8 * fields.size();
        if (message.remaining() < bytes) {
            flush();
        }
        openSet(scopes > 0 ? OPTIONS_TEMPLATE_SET : TEMPLATE_SET);
        message.putShort((short) id).putShort((short) fields.size());
        if (scopes > 0) {
            message.putShort((short) scopes);
        }
        fields.forEach(field -> field.specify(message));
    }

    /** Adds a flow that ended. */
    void flow(long[] entry, int from, FlowEnd end) {
        flow.at(entry, from);
        int shape = flow.shape();
        List<IpfixField> fields = IpfixField.of(shape);
        begin(
                FIRST_TEMPLATE + shape,
                fields.stream().mapToInt(IpfixField::bytes).sum());
        for (IpfixField field : fields) {
            field.put(message, flow, end);
        }
        flowsInMessage++;
    }

    private void begin(int template, int bytes) {
        if (message.remaining() < SET_HEADER_BYTES + bytes) {
            flush();
        }
        openSet(template);
        recordsInMessage++;
    }

    /**
     * Adds what became of the frames that a worker's flows are made of.
     *
     * @param received accepted by the capture's filter
     * @param lost by the capture, before any worker
     * @param shed by the worker
     */
    public void frames(String interfaceName, String worker, long received, long lost, long shed) {
        begin(FRAMES_TEMPLATE, 2 * (1 + LONGEST_NAME) + 3 * Long.BYTES);
        name(interfaceName);
        name(worker);
        message.putLong(received).putLong(lost).putLong(shed);
    }

    /** Adds what was exported so far, and how many flows were not. */
    public void exported(long messages, long bytes, long flows, long notSent) {
        begin(EXPORT_TEMPLATE, Integer.BYTES + 4 * Long.BYTES);
        message.putInt(1).putLong(messages).putLong(bytes).putLong(flows).putLong(notSent);
    }

    private void name(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int length = Math.min(bytes.length, LONGEST_NAME);
        message.put((byte) length).put(bytes, 0, length);
    }
}
