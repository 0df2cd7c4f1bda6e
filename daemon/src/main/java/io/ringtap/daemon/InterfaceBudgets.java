package io.ringtap.daemon;

import io.ringtap.capture.pcap.InterfaceQuery;
import io.ringtap.inject.config.InterfaceLimit;
import io.ringtap.inject.config.SendRate;
import io.ringtap.inject.pace.SendBudget;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The budgets of interfaces: one for each, by whatever of its names it goes. Which names are of one interface is seen whenever
 * one is opened: before, nothing goes out there. Any thread.
 */
final class InterfaceBudgets {
    private final Map<String, SendBudget> budgets = new LinkedHashMap<>();
    private final Map<String, SendRate> most = new HashMap<>();

    /** Has each interface send what is said here at most, from now on; one of which nothing is said has no limit. */
    synchronized void limit(List<InterfaceLimit> limits) {
        most.clear();
        limits.forEach(limit -> most.put(limit.interfaceName(), limit.maxRate()));
        most.keySet().forEach(this::add);
        share();
    }

    /** That of the interface which has a name now. */
    synchronized SendBudget of(String interfaceName) {
        add(interfaceName);
        share();
        return budgets.get(interfaceName);
    }

    private void add(String interfaceName) {
        budgets.computeIfAbsent(interfaceName, _ -> SendBudget.unlimited());
    }

    /** The first of an interface's names has the budget that the others book in. */
    private void share() {
        Map<Integer, String> firsts = new HashMap<>();
        Map<String, SendRate> limits = new HashMap<>(most);
        try (InterfaceQuery query = InterfaceQuery.open()) {
            budgets.forEach((name, budget) -> {
                int index = query.index(name);
                String first = index == 0 ? name : firsts.computeIfAbsent(index, _ -> name);
                if (most.containsKey(name)) {
                    limits.putIfAbsent(first, most.get(name));
                }
                budget.shareWith(budgets.get(first));
            });
        }
        budgets.forEach((name, budget) -> budget.change(Optional.ofNullable(limits.get(name))));
    }
}
