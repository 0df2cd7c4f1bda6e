/** The handlers that ship with ringtap. */
package io.ringtap.handler;
