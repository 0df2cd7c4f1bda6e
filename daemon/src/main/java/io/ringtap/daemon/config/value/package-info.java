/** Values as users write them: sizes, times, rates and addresses with their units, and how messages quote them. */
package io.ringtap.daemon.config.value;
