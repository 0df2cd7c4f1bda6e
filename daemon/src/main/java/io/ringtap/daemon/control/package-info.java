/** The control socket: JSON lines over a Unix-domain socket, by which the command line asks a running daemon. */
package io.ringtap.daemon.control;
