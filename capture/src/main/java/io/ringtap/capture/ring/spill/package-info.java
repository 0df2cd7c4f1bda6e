/**
 * What does not fit into a detached worker's queue, on its way to a disk and back: segments of whole frames, written and read by
 * threads of their own.
 */
package io.ringtap.capture.ring.spill;
