/** Captures through libpcap: opened, counted and closed by pcap4j, read through java.lang.foreign. */
package io.ringtap.capture.pcap;
