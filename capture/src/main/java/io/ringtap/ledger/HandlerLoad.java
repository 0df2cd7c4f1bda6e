package io.ringtap.ledger;

import java.util.OptionalLong;

/**
 * The load of a handler, over the threads of its worker on one capture.
 *
 * @param type the handler's type
 * @param filter the frames it gets, a pcap-filter(7) expression; empty for all
 * @param frames handed to it
 * @param busyShare the share of the time of late, a second or two, in which its busiest instance was handling, from 0 to 1;
 *     estimated from calls that are timed now and then
 * @param medianNanos half of the timed calls of late took no longer, nanoseconds; absent if there are none
 * @param p99Nanos 99 in 100 took no longer
 */
public record HandlerLoad(
        String type, String filter, long frames, double busyShare, OptionalLong medianNanos, OptionalLong p99Nanos) {}
