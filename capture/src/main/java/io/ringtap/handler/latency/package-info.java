/** The handler that measures how old frames are when they reach it. */
package io.ringtap.handler.latency;
