package io.ringtap.daemon.control;

/**
 * The counts of a live tap: of somebody who looks at a capture's frames while it runs. They are no part of the ledger: a frame that
 * a tap sheds is not lost to any worker.
 *
 * @param capture the name of what is looked at
 * @param user who looks
 * @param filter which frames, by pcap-filter(7); empty for all
 * @param passed frames that went to the reader, or wait for it
 * @param shed frames that there was no room for: the reader was too slow
 */
public record TapCounts(String capture, String user, String filter, long passed, long shed) {}
