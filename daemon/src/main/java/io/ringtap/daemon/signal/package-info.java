/** The signals that the process gets. */
package io.ringtap.daemon.signal;
