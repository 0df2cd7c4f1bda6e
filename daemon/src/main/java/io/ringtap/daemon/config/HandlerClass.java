package io.ringtap.daemon.config;

import io.ringtap.daemon.config.value.Quoted;
import io.ringtap.frame.FrameHandler;
import io.ringtap.frame.HandlerSettings;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;

/** A handler that is given by its class: one on the class path, with a constructor that can be called. */
final class HandlerClass implements Function<HandlerSettings, FrameHandler> {
    private final Constructor<? extends FrameHandler> constructor;

    private HandlerClass(Constructor<? extends FrameHandler> constructor) {
        this.constructor = constructor;
    }

    /** The constructor threw the cause. */
    static final class Failure extends RuntimeException {
        private static final long serialVersionUID = 1;

        private Failure(Throwable cause) {
            super(cause);
        }
    }

    /** The class of that name, if there is one. @throws IllegalArgumentException saying why it cannot be a handler */
    static Optional<HandlerClass> find(String name) {
        return load(name).map(type -> of(name, type));
    }

    private static HandlerClass of(String name, Class<? extends FrameHandler> type) {
        if (!Modifier.isPublic(type.getModifiers()) || Modifier.isAbstract(type.getModifiers())) {
            throw refusal(name, "must be public and not abstract");
        }
        Constructor<? extends FrameHandler> constructor = constructor(type, HandlerSettings.class);
        if (constructor == null) {
            constructor = constructor(type);
        }
        if (constructor == null) {
            throw refusal(name, "needs a public constructor that takes a HandlerSettings, or nothing");
        }
        return new HandlerClass(constructor);
    }

    private static Optional<Class<? extends FrameHandler>> load(String name) {
        try {
            Class<?> type = Class.forName(name, false, HandlerClass.class.getClassLoader());
            if (!FrameHandler.class.isAssignableFrom(type)) {
                throw refusal(name, "does not implement " + FrameHandler.class.getName());
            }
            return Optional.of(type.asSubclass(FrameHandler.class));
        } catch (ClassNotFoundException _) {
            return Optional.empty();
        } catch (LinkageError e) {
            throw refusal(name, "cannot be loaded: " + e);
        }
    }

    private static Constructor<? extends FrameHandler> constructor(
            Class<? extends FrameHandler> type, Class<?>... parameters) {
        try {
            return Arrays.stream(type.getConstructors())
                            .anyMatch(each -> Arrays.equals(each.getParameterTypes(), parameters))
                    ? type.getConstructor(parameters)
                    : null;
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException(e); // it was there a moment ago
        }
    }

    private static IllegalArgumentException refusal(String name, String why) {
        return new IllegalArgumentException("the class " + Quoted.of(name) + " " + why);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof HandlerClass that && constructor.equals(that.constructor);
    }

    @Override
    public int hashCode() {
        return constructor.hashCode();
    }

    @Override
    public FrameHandler apply(HandlerSettings settings) {
        try {
            return constructor.getParameterCount() == 0 ? constructor.newInstance() : constructor.newInstance(settings);
        } catch (InvocationTargetException e) {
            throw new Failure(e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new Failure(e);
        }
    }
}
