package io.ringtap.daemon.config;

/**
 * What handlers may name.
 *
 * @param streams the streams
 * @param recorders the flight recorders
 */
record HandlerNames(ReferredNames streams, ReferredNames recorders) {
    /** None of either yet. */
    static HandlerNames none() {
        return new HandlerNames(ReferredNames.ofStreams(), ReferredNames.ofRecorders());
    }
}
