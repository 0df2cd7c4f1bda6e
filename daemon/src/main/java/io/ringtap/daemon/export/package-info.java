/** Export of ended flows and of counts to collectors, by IPFIX. */
package io.ringtap.daemon.export;
