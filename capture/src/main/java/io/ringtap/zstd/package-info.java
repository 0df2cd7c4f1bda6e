/**
 * Compressed files by the machine's libzstd (RFC 8878). A {@link io.ringtap.zstd.ZstdFrame} is one frame, which every reader takes,
 * made of groups of blocks that stand alone: {@link io.ringtap.zstd.ZstdBlocks} makes one, {@link io.ringtap.zstd.ZstdReader} can
 * begin at each, and {@link io.ringtap.zstd.WholeBlocks} finds what is whole in a frame that was cut.
 */
package io.ringtap.zstd;
