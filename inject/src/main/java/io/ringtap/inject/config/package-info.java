/** What streams are asked for: records, checked when they are made. */
@NullMarked
package io.ringtap.inject.config;

import org.jspecify.annotations.NullMarked;
