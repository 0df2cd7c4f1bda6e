/** Sending through libpcap: the only place of this module that knows pcap4j's handles. */
package io.ringtap.inject.pcap;
