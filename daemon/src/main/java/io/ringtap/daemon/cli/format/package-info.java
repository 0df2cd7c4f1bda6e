/** What commands print: tables, lines and JSON, made of what they were given. */
package io.ringtap.daemon.cli.format;
