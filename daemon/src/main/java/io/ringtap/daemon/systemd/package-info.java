/** What a daemon owes the systemd that runs it: word of its state (sd_notify(3)), signs of life, and lines for the journal. */
package io.ringtap.daemon.systemd;
