package io.switchboard.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * The cost of a request in a warm process: medians of blocks.
 *
 * @param blocks the mean costs in each block of requests
 */
record RequestCost(MeasuredRequest request, boolean isBaseline, List<RequestProcess.Cost> blocks) {
    RequestCost {
        blocks = List.copyOf(blocks);
    }

    double processor() {
        return median(RequestProcess.Cost::processor);
    }

    double kilobytes() {
        return median(RequestProcess.Cost::kilobytes);
    }

    private double median(ToDoubleFunction<RequestProcess.Cost> value) {
        return Distribution.of(blocks.stream().mapToDouble(value).toArray()).median();
    }

    /**
     * Measures a request in the processes of two builds, or of one. The blocks alternate, so that other load on the
     * machine affects both.
     *
     * @param processes the started functions
     * @param requests the same request for the tenants of these builds
     * @param warmUp requests before the first block, of a small request
     * @param blockSize requests of each block, of a small request
     */
    static List<List<RequestProcess.Cost>> measure(
            List<RequestProcess> processes, List<MeasuredRequest> requests, int warmUp, int blocks, int blockSize) {
        List<List<RequestProcess.Cost>> costs = new ArrayList<>();
        for (int build = 0; build < processes.size(); build++) {
            costs.add(new ArrayList<>());
            block(processes.get(build), requests.get(build), requests.get(build).repetitions(warmUp));
        }
        for (int i = 0; i < blocks; i++) {
            for (int build = 0; build < processes.size(); build++) {
                MeasuredRequest request = requests.get(build);
                costs.get(build).add(block(processes.get(build), request, request.repetitions(blockSize)));
            }
        }
        return costs;
    }

    private static RequestProcess.Cost block(RequestProcess process, MeasuredRequest request, int size) {
        double processor = 0;
        double kilobytes = 0;
        for (int i = 0; i < size; i++) {
            RequestProcess.Cost cost = process.serve(request);
            processor += cost.processor();
            kilobytes += cost.kilobytes();
        }
        return new RequestProcess.Cost(processor / size, kilobytes / size);
    }
}
