/**
 * What a handler sees: the frame, its surroundings and a way to send. All that a user of ringtap implements or calls
 * in a handler is here.
 */
@NullMarked
package io.ringtap.frame;

import org.jspecify.annotations.NullMarked;
