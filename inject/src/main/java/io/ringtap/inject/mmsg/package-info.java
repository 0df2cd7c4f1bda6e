/** Sending many frames a system call on a packet socket. */
package io.ringtap.inject.mmsg;
