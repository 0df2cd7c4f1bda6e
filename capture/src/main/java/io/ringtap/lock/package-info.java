/** A lock on a file that threads and processes respect alike. */
package io.ringtap.lock;
