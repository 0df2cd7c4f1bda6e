/** The commands. */
package io.ringtap.daemon.cli;
