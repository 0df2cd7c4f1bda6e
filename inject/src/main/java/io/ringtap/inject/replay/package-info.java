/** Replay of capture files: what is read from them, rewritten, and kept in memory ahead of the sender. */
package io.ringtap.inject.replay;
