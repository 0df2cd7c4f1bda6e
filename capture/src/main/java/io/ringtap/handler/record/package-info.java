/**
 * The handler {@code record}: frames to pcapng and pcap files. {@link io.ringtap.handler.record.RecordHandler} puts frames
 * into chunks of memory on the worker's thread, {@code ChunkWriter} writes them to the live file on a thread of its own,
 * compressed by {@code ChunkCompressor} if that is wanted,
 * and {@code FileFinisher} opens, syncs, renames and removes files on another, so that no rotation is ever waited for.
 */
package io.ringtap.handler.record;
