package io.ringtap.daemon.doctor;

import io.ringtap.capture.WorkerConfig;
import io.ringtap.frame.HandlerFactory;
import io.ringtap.handler.flight.FlightRecorderHandler;
import io.ringtap.handler.record.RecordHandler;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The recorders of a configuration. */
final class Recorders {
    private Recorders() {}

    static boolean isRecorder(HandlerFactory handler) {
        return handler.type().equals("record");
    }

    /** Returns where a worker's files go. */
    static List<Path> folders(WorkerConfig worker) {
        return worker.handlers().stream()
                .filter(Recorders::isRecorder)
                .map(handler -> handler.supplier().get())
                .filter(RecordHandler.class::isInstance)
                .map(handler -> ((RecordHandler) handler).folder())
                .distinct()
                .toList();
    }

    /** Returns where all files go, dumps of flight recorders among them. */
    static List<Path> folders(Subject subject) {
        return subject.config().workers().stream()
                .flatMap(worker -> Stream.concat(folders(worker).stream(), dumpFolders(worker)))
                .distinct()
                .toList();
    }

    private static Stream<Path> dumpFolders(WorkerConfig worker) {
        return worker.handlers().stream()
                .filter(handler -> handler.type().equals(FlightRecorderHandler.TYPE))
                .map(handler -> handler.supplier().get())
                .filter(FlightRecorderHandler.class::isInstance)
                .map(handler -> ((FlightRecorderHandler) handler).folder());
    }
}
