/** Injection: streams of generated frames, their pace, and the thread that sends them. */
package io.ringtap.inject;
