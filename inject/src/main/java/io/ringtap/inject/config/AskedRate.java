package io.ringtap.inject.config;

/** What a stream may be asked for: a rate, or as much as the engine sends. Immutable and valid. */
public sealed interface AskedRate permits SendRate, Schedule.TopSpeed {}
