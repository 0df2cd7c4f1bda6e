/** The program as its users meet it: a process with arguments, signals, output and an exit code. */
package io.ringtap.daemon.endtoend;
