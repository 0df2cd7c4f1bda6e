package io.ringtap.ledger;

import java.util.stream.Stream;

/**
 * Frames that one counter of the kernel or of a driver has counted since the capture started, before the tap could see
 * them.
 *
 * @param cause what the counter means
 * @param counter its name, each number in it replaced by N: the queues of an interface are summed up
 * @param frames how many
 */
public record EarlyLoss(Cause cause, String counter, long frames) {
    /**
     * What a counter before the tap means. One that is certain counts each frame that this interface lost, and nothing else: it
     * is part of what was lost. Any other one is a hint: it may count what is no loss of this capture.
     */
    public enum Cause {
        /** The card found no free receive buffer. */
        NO_BUFFER(
                "no_buffer",
                "card",
                true,
                "the card found no free receive buffer: enlarge its receive ring (ethtool -G %s rx N) or spread its"
                        + " interrupts"),
        /** The driver threw them away: no memory, or it could not read them. */
        DRIVER(
                "driver",
                "driver",
                true,
                "the driver had no buffer or memory for them, or could not read them: enlarge the receive ring of %s"
                        + " (ethtool -G), and see the system's log"),
        /** Kernel's or driver's {@code rx_dropped}: the backlog of a processor, and much else. */
        DROPPED("dropped", "stack", false, ""),
        /** An XDP program took them. */
        XDP(
                "xdp",
                "xdp",
                false,
                "an XDP program on %s took them: it is meant to, or take it off (ip link set %<s xdp off)"),
        /** They came damaged, and the card threw them away. */
        DAMAGED(
                "damaged",
                "wire",
                false,
                "they came damaged, or of a length that %s does not take: check cable, transceiver, and the MTU of both"
                        + " ends"),
        /** They did not fit into what the host had given the card; not each driver counts frames here. */
        OVERRUN(
                "overrun",
                "card",
                false,
                "they did not fit into the buffers of %s: enlarge its receive ring (ethtool -G)"),
        /** The card's port had no room; another function of the card may be on that port, too. */
        PORT(
                "port",
                "port",
                false,
                "the port of %s had no room for them, which other functions of the card share: enlarge its receive ring"
                        + " (ethtool -G), give it flow control (ethtool -A), or less traffic"),
        /** The cloud's allowance for the instance was used up; such frames were delayed or dropped. */
        ALLOWANCE(
                "allowance",
                "cloud",
                false,
                "the instance was over its allowance, and they were delayed or dropped before %s: have a larger instance"),
        /** By its name, a counter of loss, of a driver that ringtap does not know. */
        UNKNOWN(
                "unknown",
                "driver",
                false,
                "a counter that ringtap does not know, of the driver of %s: its documentation tells what it counts");

        private final String text;
        private final String stage;
        private final boolean certain;
        private final String sentence;

        Cause(String text, String stage, boolean certain, String sentence) {
            this.text = text;
            this.stage = stage;
            this.certain = certain;
            this.sentence = sentence;
        }

        /** Returns the name that programs read. */
        public String text() {
            return text;
        }

        /** Returns where on the frames' way that is, in a word. */
        public String stage() {
            return stage;
        }

        /** Returns whether each frame is one that this interface lost. */
        public boolean certain() {
            return certain;
        }

        /** Returns why, and what to do, for an interface; empty if it takes other counts to tell. */
        String sentence(String interfaceName) {
            return sentence.formatted(interfaceName);
        }

        /** Returns the cause of a name; {@link #UNKNOWN} for one that a later version may have. */
        public static Cause named(String text) {
            return Stream.of(values())
                    .filter(cause -> cause.text.equals(text))
                    .findFirst()
                    .orElse(UNKNOWN);
        }
    }

    /** Returns the same counter with what another look or capture has counted, too. */
    EarlyLoss plus(long more) {
        return new EarlyLoss(cause, counter, frames + more);
    }

    boolean sameCounter(EarlyLoss other) {
        return cause == other.cause && counter.equals(other.counter);
    }
}
