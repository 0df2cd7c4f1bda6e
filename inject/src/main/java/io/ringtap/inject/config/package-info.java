/** What streams are asked for: records, checked when they are made. */
package io.ringtap.inject.config;
