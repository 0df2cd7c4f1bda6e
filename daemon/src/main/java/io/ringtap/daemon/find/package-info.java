/**
 * The search behind {@code ringtap find}: {@link io.ringtap.daemon.find.Narrowing} says what an index can answer of an expression, {@link
 * io.ringtap.daemon.find.FrameScan} reads frames of pcap and pcapng files, and {@link io.ringtap.daemon.find.Search} puts those of all
 * files into the order of their times.
 */
package io.ringtap.daemon.find;
