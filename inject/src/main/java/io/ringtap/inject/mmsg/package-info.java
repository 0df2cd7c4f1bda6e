/** Sending by sendmmsg(2) on a packet socket. */
package io.ringtap.inject.mmsg;
