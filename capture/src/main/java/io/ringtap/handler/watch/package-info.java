/** The handler that watches for frames that come too often, or no more. */
package io.ringtap.handler.watch;
