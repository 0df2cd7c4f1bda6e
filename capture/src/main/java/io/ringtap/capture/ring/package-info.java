/**
 * The hand-over: a packed slab of frames, the Disruptor's ring that orders them, and the workers that consume it. Only
 * this package knows the Disruptor.
 */
package io.ringtap.capture.ring;
