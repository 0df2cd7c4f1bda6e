/** When a stream's frames fall due, and how many an interface may send. */
package io.ringtap.inject.pace;
