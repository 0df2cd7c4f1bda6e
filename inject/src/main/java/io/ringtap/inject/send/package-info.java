/** What sends frames: the interface that each engine implements. */
package io.ringtap.inject.send;
