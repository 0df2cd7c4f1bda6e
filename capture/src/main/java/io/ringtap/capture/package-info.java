/** A capture: its configuration, where its frames come from, where they go, and the thread between. */
@NullMarked
package io.ringtap.capture;

import org.jspecify.annotations.NullMarked;
