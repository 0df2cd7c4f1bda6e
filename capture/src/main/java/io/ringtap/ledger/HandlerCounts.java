package io.ringtap.ledger;

import java.util.SortedMap;

/**
 * The table a handler publishes, added up over its threads.
 *
 * @param worker the worker's name
 * @param capture the capture's name
 * @param type the handler's type
 * @param table row to column to count
 */
public record HandlerCounts(
        String worker, String capture, String type, SortedMap<String, SortedMap<String, Long>> table) {}
