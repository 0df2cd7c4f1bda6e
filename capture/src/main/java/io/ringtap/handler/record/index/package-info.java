/**
 * The index beside a recording: for each block of it, its times, and what pcap-filter(7) can ask of its frames, as rows of bits.
 * {@link io.ringtap.handler.record.index.IndexWriter} is told the records as they are written, {@link
 * io.ringtap.handler.record.index.RecordingIndex} answers which blocks may hold a frame.
 */
package io.ringtap.handler.record.index;
