package io.ringtap.frame;

import java.util.function.Supplier;

/**
 * Makes the instances of one configured handler, one a thread.
 *
 * @param type the name it goes by in configuration, logs and statistics
 * @param supplier makes an instance; called on the thread that starts the capture. Equal suppliers make the same: a worker
 *     whose factories are equal to those before need not start anew
 * @param filter the frames it gets, a pcap-filter(7) expression; blank for all
 */
public record HandlerFactory(String type, Supplier<? extends FrameHandler> supplier, String filter) {
    /** A handler of all frames. */
    public HandlerFactory(String type, Supplier<? extends FrameHandler> supplier) {
        this(type, supplier, "");
    }
}
