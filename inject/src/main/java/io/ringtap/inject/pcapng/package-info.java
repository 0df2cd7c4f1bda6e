/** Writing to a pcapng file what would be sent. */
package io.ringtap.inject.pcapng;
