/**
 * What a handler sees: the frame, its surroundings and a way to send. All that a user of ringtap implements or calls
 * in a handler is here.
 */
package io.ringtap.frame;
