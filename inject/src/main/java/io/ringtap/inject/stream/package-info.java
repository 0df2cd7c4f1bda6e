/** Streams, each from its opening to its end: what a turn sends, counts and logs. */
package io.ringtap.inject.stream;
