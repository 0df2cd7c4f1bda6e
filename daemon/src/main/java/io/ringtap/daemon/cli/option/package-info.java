/** Options that several commands share. */
package io.ringtap.daemon.cli.option;
