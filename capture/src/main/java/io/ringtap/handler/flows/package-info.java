/** The handler {@code flows}: a table of conversations, which {@code ringtap flows} shows and a file gets when they end. */
package io.ringtap.handler.flows;
