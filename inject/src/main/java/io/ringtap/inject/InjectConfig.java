package io.ringtap.inject;

import io.ringtap.inject.template.FrameTemplate;

/**
 * A stream of frames to send. Immutable and valid.
 *
 * @param name what the stream is called in configuration and statistics
 * @param interfaceName where it sends
 * @param schedule when its frames fall due
 * @param count frames after which it ends; 0 for ever
 * @param frame what they hold
 */
public record InjectConfig(String name, String interfaceName, Schedule schedule, long count, FrameTemplate frame) {}
