/** What injected frames hold. */
package io.ringtap.inject.template;
