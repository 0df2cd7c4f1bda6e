/** A look at a running capture's frames, as pcapng over the control socket, which the capture never waits for. */
package io.ringtap.daemon.control.tap;
