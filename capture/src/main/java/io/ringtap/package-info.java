/** A capture, put together: the way in for programs. */
@NullMarked
package io.ringtap;

import org.jspecify.annotations.NullMarked;
