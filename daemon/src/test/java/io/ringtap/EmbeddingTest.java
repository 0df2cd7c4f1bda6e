package io.ringtap;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;

import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.lang.reflect.Field;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;

/** A program may have many captures: nothing of a library is the process's. */
@AnalyzeClasses(packages = "io.ringtap", importOptions = ArchitectureTest.MainClasses.class)
class EmbeddingTest {
    /** What is told of a folder on disk, which is one for the whole process, too. */
    private static final Set<String> OF_A_FOLDER = Set.of(
            "io.ringtap.handler.record.KeptFiles.TURNS",
            "io.ringtap.handler.record.KeptFiles$Numbers.ALL",
            "io.ringtap.capture.ring.spill.Spill.HANDED_ON");

    private static final Set<Class<?>> HOLD_STATE = Set.of(
            AtomicBoolean.class,
            AtomicInteger.class,
            AtomicLong.class,
            AtomicReference.class,
            Executor.class,
            LongAdder.class,
            StringBuilder.class,
            Thread.class,
            ThreadLocal.class);

    @ArchTest
    static final ArchRule librariesShouldKeepNothingInStaticFields = fields().that()
            .areStatic()
            .and()
            .areDeclaredInClassesThat()
            .resideOutsideOfPackage("io.ringtap.daemon..")
            .should(holdNoState());

    private static ArchCondition<JavaField> holdNoState() {
        return new ArchCondition<>("be final, and of what never changes") {
            @Override
            public void check(JavaField field, ConditionEvents events) {
                String name = field.getFullName();
                boolean constant = field.getModifiers().contains(JavaModifier.FINAL)
                        && (OF_A_FOLDER.contains(name) || isImmutable(field.reflect()));
                events.add(new SimpleConditionEvent(field, constant, name + " holds state for the whole process"));
            }
        };
    }

    private static boolean isImmutable(Field field) {
        Class<?> type = field.getType();
        if (HOLD_STATE.stream().anyMatch(state -> state.isAssignableFrom(type))) {
            return false;
        }
        boolean many = Collection.class.isAssignableFrom(type) || Map.class.isAssignableFrom(type);
        return !many || valueOf(field).getClass().getName().startsWith("java.util.ImmutableCollections$");
    }

    private static Object valueOf(Field field) {
        try {
            field.setAccessible(true);
            return field.get(null);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }
}
