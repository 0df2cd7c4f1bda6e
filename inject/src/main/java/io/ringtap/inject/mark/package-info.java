/** The mark that makes frames countable where they arrive, and what reads it. */
package io.ringtap.inject.mark;
